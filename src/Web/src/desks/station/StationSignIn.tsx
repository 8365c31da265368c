import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DemoSignIn } from "../../app/host";
import { host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { useTitle } from "../../app/title";
import type { ListStationsReply } from "../../gen/kal/edge/v1/station_pb";
import { type Seat, sit, stationClient } from "./client";
import { refusalText } from "./words";
import "./station.css";

// How one came here: for the first time, by leaving, or because the session ended (idle, or somebody else signed in).
export type Before = "new" | "left" | "ended";

type Problem = { code: string; figures: Record<string, string> };

export function StationSignIn({ wanted, before, onSeat }: { wanted: string | undefined; before: Before; onSeat: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const [here, setHere] = useState<ListStationsReply>();
  const [demo, setDemo] = useState<DemoSignIn[]>([]);
  const [station, setStation] = useState(wanted ?? "");
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useTitle(t("station.sign_in"));

  async function enter(at: string, who: string, secret: string): Promise<boolean> {
    setBusy(true);
    setProblem(undefined);
    try {
      const reply = await stationClient.signIn({ station: at, nameOrBadge: who, pin: secret });
      if (reply.answer.case === "session") {
        onSeat(sit(at, reply.answer.value));
        return true;
      }
      setProblem({ code: reply.answer.value?.code ?? "other", figures: reply.answer.value?.figures ?? {} });
      setPin("");
    } catch {
      setProblem({ code: "agent_unreachable", figures: {} });
    } finally {
      setBusy(false);
    }
    return false;
  }

  // Asks until the agent answers. In a demonstration nobody knows a PIN yet: the station's clerk sits down by himself, once; who has left or was signed
  // out signs in by hand, else two pages would take the station from each other for ever.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the panel opens
  useEffect(() => {
    let gone = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    async function look() {
      let done = false;
      try {
        const [reply, by] = await Promise.all([stationClient.listStations({}), host()]);
        if (gone) return;
        setHere(reply);
        setDemo(by.demo.filter((one) => one.pin));
        const known = reply.stations.some((one) => one.id === wanted);
        const at = (known ? wanted : reply.stations[0]?.id) ?? "";
        setStation(at);
        const clerk = by.demo.find((one) => one.pin && one.station === at);
        if (wanted && !known) setProblem({ code: "unknown_station", figures: { station: wanted } });
        else setProblem(undefined);
        done = before !== "new" || !clerk?.pin || (wanted !== undefined && !known) || (await enter(at, clerk.name, clerk.pin));
      } catch {
        if (!gone) setProblem({ code: "agent_unreachable", figures: {} });
      }
      if (!done && !gone) again = setTimeout(() => void look(), 1000);
    }
    void look();
    first.current?.focus();
    return () => {
      gone = true;
      clearTimeout(again);
    };
  }, []);

  return (
    <main className="station-sign-in" data-before={before}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // Enter after the name goes on to the PIN, as on every till.
          if (!pin) second.current?.focus();
          else if (!busy && station) void enter(station, name.trim(), pin);
        }}
      >
        <div className="row-between">
          <h1>{t("station.sign_in")}</h1>
          <LanguageSwitch />
        </div>
        <p className="muted">{here ? t("station.depot_agent", { depot: here.depot, agent: here.agent || "–" }) : t("station.asking")}</p>
        {before !== "new" && <p className={before === "ended" ? "problem" : "muted"}>{t(`station.before_${before}`)}</p>}
        <label>
          {t("station.station")}
          <select value={station} onChange={(event) => setStation(event.target.value)}>
            {here?.stations.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name && one.name !== one.id ? `${one.id} · ${one.name}` : one.id}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("station.name_or_badge")}
          <input
            ref={first}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
          <small>{t("station.badge_hint")}</small>
        </label>
        <label>
          {t("station.pin")}
          <input
            ref={second}
            value={pin}
            onChange={(event) => setPin(event.target.value)}
            type="password"
            inputMode="numeric"
            autoComplete="off"
          />
        </label>
        <div className="problem-place">
          {problem && (
            <p className="problem" role="alert" data-code={problem.code}>
              {refusalText(t, problem)}
            </p>
          )}
        </div>
        <button type="submit" disabled={busy || !station}>
          {t("station.enter")} <kbd>↵</kbd>
        </button>
        {demo.length > 0 && (
          <div className="demo-people">
            <p className="muted">{t("demo.people")}</p>
            {demo.map((one) => (
              <button
                key={one.name}
                type="button"
                className="quiet"
                disabled={busy}
                onClick={() => void enter(station, one.name, one.pin ?? "")}
              >
                {one.displayName} · {t(`role.${one.role}`, { defaultValue: one.role })} · {one.name} · PIN {one.pin}
              </button>
            ))}
          </div>
        )}
      </form>
    </main>
  );
}
