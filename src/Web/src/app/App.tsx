import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { BrowserRouter, Link, Navigate, Route, Routes, useLocation, useParams } from "react-router-dom";
import { Station } from "../desks/station/Station";
import { type Host, host } from "./host";
import { LanguageSwitch } from "./LanguageSwitch";
import { currentCaller, onSession, resume } from "./session";

// The kiosk must be up at once on a small machine: the component library is loaded only for the desks that use it.
const Office = lazy(() => import("./Office"));
const SignInPage = lazy(() => import("../desks/signin/SignInPage"));
const OfficeFrame = lazy(() => import("./OfficeFrame"));
const officePaths = ["accounts", "contracts", "prices", "cases", "parcels", "dispatch", "levels", "scales"];

export function App() {
  const { t } = useTranslation();
  const [by, setBy] = useState<Host>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = () =>
      host().then(
        (known) => {
          setBy(known);
          setFailed(false);
        },
        () => {
          setFailed(true);
          again = setTimeout(ask, 2000);
        },
      );
    ask();
    return () => clearTimeout(again);
  }, []);
  if (failed) return <Problem text={t("app.unreachable")} />;
  if (!by) return null;
  const office = by.kind === "backend";
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Navigate to={by.station ? "/station" : "/parcels"} replace />} />
        {by.station && <Route path="/station" element={<Station wanted={undefined} />} />}
        {by.station && <Route path="/station/:station" element={<StationAt />} />}
        {office && (
          <Route
            path="/sign-in"
            element={
              <Suspense fallback={null}>
                <Office>
                  <SignInPage />
                </Office>
              </Suspense>
            }
          />
        )}
        {office && (
          <Route element={<OfficePage />}>
            {officePaths.map((path) => (
              <Route key={path} path={`/${path}/*`} element={null} />
            ))}
          </Route>
        )}
        {office && <Route path="/courier/*" element={<OtherProgram />} />}
        <Route path="*" element={<NotFound station={by.station} />} />
      </Routes>
    </BrowserRouter>
  );
}

function OfficePage() {
  return (
    <SignedIn>
      <Suspense fallback={null}>
        <Office>
          <OfficeFrame />
        </Office>
      </Suspense>
    </SignedIn>
  );
}

// The phone's page is a program of its own, which opens without network: led there by a link, it is loaded.
function OtherProgram() {
  useEffect(() => location.reload(), []);
  return null;
}

function StationAt() {
  const { station } = useParams();
  return <Station key={station} wanted={station} />;
}

function NotFound({ station }: { station: boolean }) {
  const { t } = useTranslation();
  const at = useLocation().pathname;
  return (
    <main className="page-problem" data-page="not-found">
      <LanguageSwitch />
      <h1>{t("app.not_found")}</h1>
      <p>{t("app.not_found_at", { at })}</p>
      <Link to={station ? "/station" : "/parcels"}>{t(station ? "app.to_station" : "app.to_parcels")}</Link>
    </main>
  );
}

function Problem({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <main className="page-problem" role="alert">
      <LanguageSwitch />
      <p>{text}</p>
      <button type="button" className="again" onClick={() => location.reload()}>
        {t("app.again")}
      </button>
    </main>
  );
}

function SignedIn({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  const [state, setState] = useState<"asking" | "in" | "out" | "unreachable">(currentCaller() ? "in" : "asking");
  useEffect(() => {
    const off = onSession(() => setState(currentCaller() ? "in" : "out"));
    resume().then(
      (ok) => setState(ok ? "in" : "out"),
      () => setState("unreachable"),
    );
    return off;
  }, []);
  if (state === "asking") return null;
  if (state === "unreachable") return <Problem text={t("app.unreachable")} />;
  if (state === "out") return <Navigate to={`/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`} replace />;
  return children;
}
