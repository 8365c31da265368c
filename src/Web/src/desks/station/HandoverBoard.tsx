import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { kilograms, money } from "../../format/figures";
import { LineResult } from "../../gen/kal/custody/v1/events_pb";
import type { HandoverLineState, HandoverProgress, Judged } from "../../gen/kal/edge/v1/station_pb";
import { Icon } from "./Icons";
import { partyName } from "./party";

// Which of the four steps is due in each state; once all are done, none.
const due: Record<string, number> = { open: 0, counted: 2, confirmed_giver: 3, confirmed: 4 };
const rowsShown = 9;

// The handover in progress: who gives what to whom, what is seen, what is still to be checked, and whose word is outstanding.
export function HandoverBoard({ handover, inHand, judged }: { handover: HandoverProgress; inHand: string; judged: Judged | undefined }) {
  const { t } = useTranslation();
  const spoken = language();
  const at = due[handover.state] ?? 0;
  const words = ["scan", "count", "giver", "receiver"];
  const who = [handover.giver, handover.receiver].map((party, side) =>
    partyName(t, party, side === 0 ? handover.giverName : handover.receiverName),
  );
  const rows = [...handover.lines].sort((a, b) => rank(a, inHand) - rank(b, inHand));
  const weighed = judged && handover.lines.some((line) => line.parcel === judged.parcel) && judged.tone !== "good" ? judged : undefined;
  const amounts = [
    handover.codMinor > 0n && t("tag.cod", { amount: money(handover.codMinor, handover.currency, spoken) }),
    handover.freightCollectMinor > 0n &&
      t("tag.freight_collect", { amount: money(handover.freightCollectMinor, handover.currency, spoken) }),
  ].filter(Boolean);
  return (
    <section className="board" data-state={handover.state} data-handover={handover.id} aria-live="polite">
      <h1>
        {t("handover.between", { giver: who[0], receiver: who[1] })}
        {handover.state === "confirmed" && <b className="board-done"> {t("handover.done")}</b>}
      </h1>
      <ol className="board-steps">
        {words.map((word, index) => (
          <li key={word} className={index < at ? "done" : index === at ? "now" : ""}>
            <span aria-hidden="true">{index < at ? "✓" : index + 1}</span> {t(`handover.step.${word}`)}
          </li>
        ))}
      </ol>
      <div className="board-counts">
        <Count n={handover.expected} word={t("handover.expected")} />
        <Count n={handover.accepted} word={t("handover.accepted")} tone="good" />
        <Count n={handover.outstanding} word={t("handover.outstanding")} tone={handover.outstanding ? "warn" : ""} />
        <Count n={handover.excepted} word={t("handover.excepted")} tone={handover.excepted ? "stop" : ""} />
        <div className="board-money">
          {amounts.length > 0 ? amounts.map((one) => <b key={String(one)}>{one}</b>) : t("handover.no_money")}
        </div>
      </div>
      {weighed && (
        <div className={`board-weighed tone-${weighed.tone}`}>
          <Icon tone={weighed.tone} /> {weighed.parcel} · {kilograms(weighed.massMg)} kg ·{" "}
          {t(`headline.${weighed.headline}`, { defaultValue: t("headline.other") })}
        </div>
      )}
      <ol className="board-lines">
        {rows.slice(0, rowsShown).map((line) => (
          <Line key={line.parcel} line={line} inHand={line.parcel === inHand} />
        ))}
      </ol>
      {rows.length > rowsShown && <div className="board-more">{t("handover.more", { count: rows.length - rowsShown })}</div>}
    </section>
  );
}

// The parcel in hand first, then what is open, then what stays with the giver, then what is done.
function rank(line: HandoverLineState, inHand: string): number {
  if (line.parcel === inHand) return 0;
  if (line.result === LineResult.UNSPECIFIED) return 1;
  return line.result === LineResult.ACCEPTED ? 3 : 2;
}

function Count({ n, word, tone = "" }: { n: number; word: string; tone?: string }) {
  return (
    <div className={`count tone-text-${tone}`}>
      <b>{n}</b> {word}
    </div>
  );
}

function Line({ line, inHand }: { line: HandoverLineState; inHand: boolean }) {
  const { t } = useTranslation();
  const spoken = language();
  const open = line.result === LineResult.UNSPECIFIED;
  const untouched = open && line.missing.includes("scan");
  const tone = open ? (inHand ? "warn" : "wait") : line.result === LineResult.ACCEPTED ? "good" : "stop";
  const marks = [
    line.insured && t("tag.insured"),
    line.fragile && t("tag.fragile"),
    line.codMinor > 0n && t("tag.cod", { amount: money(line.codMinor, line.currency, spoken) }),
    line.freightCollectMinor > 0n && t("tag.freight_collect", { amount: money(line.freightCollectMinor, line.currency, spoken) }),
  ].filter(Boolean);
  return (
    <li className={inHand ? "in-hand" : ""} data-line={line.parcel} data-result={line.result}>
      <span className={`tone-text-${tone}`}>
        <Icon tone={tone} />
      </span>
      <span className="board-parcel">{line.parcel}</span>
      <span className="board-marks">{marks.join(" · ")}</span>
      <span className="board-checks">
        {open
          ? untouched && !inHand
            ? t("handover.not_seen")
            : t("handover.to_do", {
                checks: line.missing.map((check) => t(`check.${check}`, { defaultValue: check })).join(t("list.comma")),
              })
          : [t(`handover.line.${line.result}`), line.reason && t(`reason.${line.reason}`, { defaultValue: line.reason })]
              .filter(Boolean)
              .join(": ")}
      </span>
    </li>
  );
}
