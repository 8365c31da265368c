import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DemoSignIn } from "../../app/host";
import { host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import type { ListStationsReply, Refusal } from "../../gen/kal/edge/v1/station_pb";
import { type Seat, sit, stationClient } from "./client";

export function StationSignIn({ wanted, onSeat }: { wanted: string | undefined; onSeat: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const [here, setHere] = useState<ListStationsReply>();
  const [demo, setDemo] = useState<DemoSignIn[]>([]);
  const [station, setStation] = useState(wanted ?? "");
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState<{ code: string; figures: Record<string, string> }>();
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);

  async function enter(at: string, who: string, secret: string): Promise<boolean> {
    setBusy(true);
    setProblem(undefined);
    try {
      const reply = await stationClient.signIn({ station: at, nameOrBadge: who, pin: secret });
      if (reply.answer.case === "session") {
        onSeat(sit(at, reply.answer.value));
        return true;
      } else {
        const refused: Refusal | undefined = reply.answer.value;
        setProblem({ code: refused?.code ?? "unknown", figures: refused?.figures ?? {} });
        setPin("");
      }
    } catch {
      setProblem({ code: "agent_unreachable", figures: {} });
    } finally {
      setBusy(false);
    }
    return false;
  }

  // In a demonstration nobody knows a PIN yet: the first clerk of the station sits down by himself, as soon as the agent has its people.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the panel opens
  useEffect(() => {
    let gone = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    async function look(left: number) {
      try {
        const [reply, by] = await Promise.all([stationClient.listStations({}), host()]);
        if (gone) return;
        setHere(reply);
        setDemo(by.demo.filter((one) => one.pin));
        const at = wanted ?? reply.stations[0]?.id ?? "";
        setStation(at);
        const clerk = by.demo.find((one) => one.pin && one.role === "DepotClerk");
        if (!clerk?.pin || !at || (await enter(at, clerk.name, clerk.pin))) return;
      } catch {
        if (gone) return;
        setProblem({ code: "agent_unreachable", figures: {} });
      }
      if (left > 0 && !gone) again = setTimeout(() => void look(left - 1), 1000);
    }
    void look(60);
    first.current?.focus();
    return () => {
      gone = true;
      clearTimeout(again);
    };
  }, []);

  return (
    <main className="station-sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(station, name, pin);
        }}
      >
        <div className="row-between">
          <h1>{t("station.sign_in")}</h1>
          <LanguageSwitch />
        </div>
        <p className="muted">{here ? `${here.depot} · ${here.agent}` : "…"}</p>
        <label>
          {t("station.station")}
          <select value={station} onChange={(event) => setStation(event.target.value)}>
            {here?.stations.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name || one.id}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("station.name_or_badge")}
          <input ref={first} value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" autoCapitalize="off" />
        </label>
        <label>
          {t("station.pin")}
          <input value={pin} onChange={(event) => setPin(event.target.value)} type="password" inputMode="numeric" autoComplete="off" />
        </label>
        {problem && (
          <p className="problem" role="alert">
            {t(`refusal.${problem.code}`, { ...problem.figures, defaultValue: t("refusal.other", { code: problem.code }) })}
          </p>
        )}
        <button type="submit" disabled={busy || !station || !name || !pin}>
          {t("station.enter")}
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
                {one.displayName} · {t(`role.${one.role}`, { defaultValue: one.role })}
              </button>
            ))}
          </div>
        )}
      </form>
    </main>
  );
}
