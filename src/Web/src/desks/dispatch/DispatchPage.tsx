import { Alert, AutoComplete, Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import { useLoad } from "../../app/load";
import "./dispatch.css";
import { currentCaller } from "../../app/session";
import { useTitle } from "../../app/title";
import { showTimesIn } from "../../format/figures";
import { runs } from "./client";
import { DayDesk } from "./DayDesk";
import { dayBeside, isDay } from "./words";

// The depots one may choose from; for who reaches every depot, those that have couriers.
function useDepots() {
  const reach = currentCaller()?.depots ?? [];
  const own = reach.filter((one) => one !== "*");
  const every = reach.includes("*");
  const found = useLoad("depots", async () => {
    if (!every) return own;
    const { couriers } = await runs.listCouriers({ depot: "" });
    return [...new Set([...own, ...couriers.map((one) => one.depot)])].sort();
  });
  return { ...found, data: found.data ?? (every ? undefined : own), only: !every && own.length === 1 };
}

// The dispatcher's desk: one depot's day. Depot, day and stop stand in the address, so that what one looks at can be sent to somebody.
export default function DispatchPage() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const depots = useDepots();
  useTitle(t("nav.dispatch"));
  // The other desks show times where their reader is.
  useEffect(() => () => showTimesIn(undefined), []);
  const depot = query.get("depot") ?? depots.data?.[0] ?? "";
  const asked = query.get("day") ?? "";
  const set = (changes: Record<string, string>) =>
    setQuery(
      (now) => {
        const next = new URLSearchParams(now);
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const choice = (shown: string) => (
    <>
      <DepotChoice
        key={depot}
        depot={depot}
        depots={depots.data ?? []}
        only={depots.only}
        onChoose={(next) => set({ depot: next, stop: "" })}
      />
      <DayChoice key={shown || asked} day={asked || shown} onChoose={(next) => set({ day: next, stop: "" })} />
    </>
  );
  if (!depot) {
    return (
      <>
        <div className="dispatch-bar">
          <h1 className="desk-title">{t("nav.dispatch")}</h1>
          {choice("")}
        </div>
        {depots.problem && <Alert type="error" showIcon title={depots.problem} role="alert" />}
        {!depots.busy && <p className="nothing">{t("dispatch.choose_depot")}</p>}
      </>
    );
  }
  return (
    <DayDesk
      key={`${depot}|${asked}`}
      depot={depot}
      day={asked}
      stop={query.get("stop") ?? ""}
      choice={choice}
      onSelect={(stop) => set({ stop })}
    />
  );
}

function DepotChoice({
  depot,
  depots,
  only,
  onChoose,
}: {
  depot: string;
  depots: string[];
  only: boolean;
  onChoose: (depot: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(depot);
  if (only) {
    return (
      <b className="depot-name mono" title={t("account.depot")}>
        {depot}
      </b>
    );
  }
  const choose = (value: string) => value.trim() && value.trim() !== depot && onChoose(value.trim());
  return (
    <AutoComplete
      value={text}
      aria-label={t("account.depot")}
      placeholder={t("account.depot")}
      style={{ width: 130 }}
      options={depots.map((value) => ({ value }))}
      onChange={setText}
      onSelect={choose}
      onBlur={() => choose(text)}
      onKeyDown={(event) => event.key === "Enter" && choose(text)}
    />
  );
}

function DayChoice({ day, onChoose }: { day: string; onChoose: (day: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(day);
  const wrong = text !== "" && !isDay(text);
  const choose = () => {
    if (text !== day && (text === "" || isDay(text))) onChoose(text);
  };
  return (
    <span className="day-choice">
      <Button aria-label={t("dispatch.day_before")} disabled={!day} onClick={() => onChoose(dayBeside(day, -1))}>
        ‹
      </Button>
      <Input
        value={text}
        aria-label={t("dispatch.day")}
        placeholder="2026-10-12"
        className="numbers"
        maxLength={10}
        status={wrong ? "error" : ""}
        title={wrong ? t("account.day_shape") : t("dispatch.day")}
        onChange={(event) => setText(event.target.value)}
        onBlur={choose}
        onPressEnter={choose}
      />
      <Button aria-label={t("dispatch.day_after")} disabled={!day} onClick={() => onChoose(dayBeside(day, 1))}>
        ›
      </Button>
      <Button onClick={() => onChoose("")}>{t("contract.today")}</Button>
    </span>
  );
}
