import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { BrowserRouter, Navigate, NavLink, Route, Routes } from "react-router-dom";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { currentCaller, onSession, resume, signOut } from "../../app/session";
import { useTitle } from "../../app/title";
import { CashPage } from "./CashPage";
import { CourierSignIn } from "./CourierSignIn";
import "./courier.css";
import "./courierTexts";
import { installable } from "./install";
import { QueueLine, QueuePage } from "./QueuePage";
import { RunPage } from "./RunPage";
import { ScanPage } from "./ScanPage";
import { StopPage } from "./StopPage";
import type { Line } from "./sync";
import { CourierWork, useCourierWork } from "./useCourier";
import { VehiclePage } from "./VehiclePage";

interface Who {
  id: string;
  name: string;
}

const whoKey = "kal.courier";

function lastWho(): Who | undefined {
  try {
    const said = JSON.parse(localStorage.getItem(whoKey) ?? "null") as Partial<Who> | null;
    return said?.id ? { id: said.id, name: said.name ?? "" } : undefined;
  } catch {
    return undefined;
  }
}

// The courier's phone. It opens without network for whoever worked on it last; another courier signs in and gets a journal of his own.
export default function CourierApp() {
  const { t } = useTranslation();
  const [who, setWho] = useState<Who | undefined>(lastWho);
  const [alone, setAlone] = useState<boolean>();
  useTitle(t("courier.title"));
  useEffect(() => {
    installable();
    const take = () => {
      const caller = currentCaller();
      if (!caller) return;
      const now = { id: caller.id, name: caller.displayName };
      localStorage.setItem(whoKey, JSON.stringify(now));
      setWho((old) => (old?.id === now.id && old.name === now.name ? old : now));
    };
    const off = onSession(take);
    resume().then(take, () => undefined);
    return off;
  }, []);
  // One page a phone: two counters under one journal would contradict each other.
  useEffect(() => {
    let release: (() => void) | undefined;
    void navigator.locks.request("kal.courier.page", { ifAvailable: true }, (lock) => {
      setAlone(lock !== null);
      return lock ? new Promise<void>((done) => (release = done)) : undefined;
    });
    return () => release?.();
  }, []);
  if (alone === false) return <Full text={t("courier.other_tab")} />;
  if (alone === undefined) return null;
  if (!who) return <CourierSignIn />;
  return <Phone key={who.id} who={who} leave={() => setWho(undefined)} />;
}

function Full({ text }: { text: string }) {
  return (
    <main className="page-problem" role="alert">
      <LanguageSwitch />
      <p>{text}</p>
    </main>
  );
}

const tabs = [
  { to: "/courier", text: "courier.tab.run", sign: "M4 6h16M4 12h16M4 18h10" },
  { to: "/courier/scan", text: "courier.tab.scan", sign: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8v8M12 8v8M16 8v8" },
  {
    to: "/courier/vehicle",
    text: "courier.tab.vehicle",
    sign: "M5 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M14 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M10 17.5h4L17 8h-3M7.5 15 9 11h6",
  },
  { to: "/courier/cash", text: "courier.tab.cash", sign: "M6 4l6 8 6-8M12 12v8M7 13h10M7 17h10" },
];

const noDay: Partial<Record<Line, string>> = {
  down: "courier.no_day_offline",
  signed_out: "courier.no_day_signed_out",
  no_courier: "courier.no_day_no_courier",
};

function Phone({ who, leave }: { who: Who; leave: () => void }) {
  const { t } = useTranslation();
  const work = useCourierWork(who.id);
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => setSignedOut(work.line === "signed_out"), [work.line]);
  const out = async () => {
    if (!window.confirm(t(work.truth.waiting > 0 ? "courier.leave_waiting" : "courier.leave_sure", { count: work.truth.waiting }))) return;
    await work.dropDay();
    await signOut().catch(() => undefined);
    localStorage.removeItem(whoKey);
    leave();
  };
  return (
    <CourierWork.Provider value={work}>
      <BrowserRouter>
        <div className="courier">
          <header>
            <b>{who.name}</b>
            <span className="right">
              <LanguageSwitch />
              <button type="button" className="language" onClick={() => void out()}>
                {t("sign_in.leave")}
              </button>
            </span>
          </header>
          <QueueLine />
          {signedOut && <CourierSignIn inline name={who.name} onDone={() => setSignedOut(false)} />}
          {work.day ? (
            <main>
              <Routes>
                <Route path="/courier" element={<RunPage />} />
                <Route path="/courier/stop/:stop" element={<StopPage />} />
                <Route path="/courier/scan" element={<ScanPage />} />
                <Route path="/courier/vehicle" element={<VehiclePage />} />
                <Route path="/courier/cash" element={<CashPage />} />
                <Route path="/courier/queue" element={<QueuePage />} />
                <Route path="*" element={<Navigate to="/courier" replace />} />
              </Routes>
            </main>
          ) : (
            <main>
              <p className="notice" role="status">
                {t(noDay[work.line] ?? "courier.no_day")}
              </p>
            </main>
          )}
          <nav aria-label={t("courier.menu")}>
            {tabs.map((tab) => (
              <NavLink key={tab.to} to={tab.to} end={tab.to === "/courier"}>
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d={tab.sign} />
                </svg>
                {t(tab.text)}
              </NavLink>
            ))}
          </nav>
        </div>
      </BrowserRouter>
    </CourierWork.Provider>
  );
}
