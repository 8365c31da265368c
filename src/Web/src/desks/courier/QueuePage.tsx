import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { language } from "../../app/texts";
import { instant, minute } from "../../format/figures";
import { EventKind } from "../../gen/kal/custody/v1/events_pb";
import type { KeptFact } from "./store";
import { CourierWork, useWork } from "./useCourier";

const clock = (ms: number) => instant(ms * 1000, language(), false).slice(0, 5);

// One line that says the truth: what waits, since when, and whether anybody answers.
export function QueueLine() {
  const { t } = useTranslation();
  const work = useContext(CourierWork);
  if (!work) return null;
  const { waiting, pictures, sinceMs, refused } = work.truth;
  const lineText = t(`courier.line.${work.line}`);
  const text =
    waiting > 0
      ? t("courier.waiting", { count: waiting, since: clock(sinceMs) })
      : pictures > 0
        ? t("courier.pictures_waiting", { count: pictures })
        : work.askedMs > 0
          ? t("courier.all_sent", { at: clock(work.askedMs) })
          : "";
  return (
    <Link
      to="/courier/queue"
      className={`queue-line ${work.line} ${refused.length > 0 ? "refused" : waiting > 0 ? "waiting" : ""}`}
      data-waiting={waiting}
      data-pictures={pictures}
    >
      <span>
        {work.line !== "up" && `${lineText} · `}
        {text}
        {waiting > 0 && pictures > 0 && ` · ${t("courier.and_pictures", { count: pictures })}`}
      </span>
      {refused.length > 0 && <b>{t("courier.refused_count", { count: refused.length })}</b>}
    </Link>
  );
}

const word: Partial<Record<EventKind, string>> = {
  [EventKind.DELIVERED]: "delivered",
  [EventKind.AT_PICKUP_POINT]: "at_pickup_point",
  [EventKind.ATTEMPT_FAILED]: "failed",
  [EventKind.REFUSED]: "refused",
  [EventKind.MONEY_COLLECTED]: "money",
  [EventKind.COLLECTION_REFUSED]: "freight_refused",
  [EventKind.CONSENT_RECORDED]: "consent",
  [EventKind.CODE_WRONG]: "code_wrong",
  [EventKind.INTERCEPT_SEEN]: "intercept_seen",
  [EventKind.PICKUP_DONE]: "picked_up",
  [EventKind.PICKUP_MISSED]: "pickup_missed",
  [EventKind.PICKUP_REFUSED]: "pickup_refused",
  [EventKind.VEHICLE_CHECKED]: "vehicle",
  [EventKind.SCANNED]: "scanned",
  [EventKind.WEIGHED]: "weighed",
  [EventKind.PHOTO_TAKEN]: "photo",
};

export const factWord = (fact: KeptFact) => `courier.fact.${word[fact.kind as EventKind] ?? "other"}`;

// Everything this phone has recorded, the newest first; what was refused stands on top until it was read.
export function QueuePage() {
  const { t } = useTranslation();
  const work = useWork();
  const facts = [...work.facts].reverse();
  return (
    <section data-page="queue">
      <h1>{t("courier.queue_title")}</h1>
      {work.truth.refused.map((fact) => (
        <article key={fact.seq} className="card refused-fact" role="alert">
          <b>
            {t(factWord(fact))} {fact.parcel || fact.reference}
          </b>
          <p>{t(`courier.refusal.${fact.code}`, { defaultValue: fact.message })}</p>
          <p className="quiet">{t("courier.refused_hint")}</p>
          <button type="button" className="plain" onClick={() => void work.seen(fact.seq)}>
            {t("courier.understood")}
          </button>
        </article>
      ))}
      <button type="button" className="main" disabled={work.busy} onClick={work.syncNow}>
        {t(work.busy ? "courier.sending" : "courier.send_now")}
      </button>
      {facts.length === 0 && <p className="notice">{t("courier.queue_empty")}</p>}
      <ul className="queue">
        {facts.slice(0, 200).map((fact) => (
          <li key={fact.seq} className={fact.state}>
            <span className="numbers">{minute(fact.wallMs * 1000, language()).slice(-5)}</span>
            <span>
              {t(factWord(fact))} <small className="numbers">{fact.parcel || fact.reference}</small>
            </span>
            <i>{t(`courier.state.${fact.state}`)}</i>
          </li>
        ))}
      </ul>
    </section>
  );
}
