import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { grams, kilograms, money, signedKilograms } from "../../format/figures";
import type { WeighVerdict } from "../../gen/kal/custody/v1/events_pb";
import { BillingAnswer, IntegrityAnswer } from "../../gen/kal/custody/v1/events_pb";
import type { Judged, StationState } from "../../gen/kal/edge/v1/station_pb";
import { Icon } from "./Icons";
import { Trace } from "./Trace";

const billingWord: Record<number, string> = {
  [BillingAnswer.SAME_BILL]: "same_bill",
  [BillingAnswer.WITHIN]: "within",
  [BillingAnswer.OVER]: "over",
  [BillingAnswer.UNDER]: "under",
  [BillingAnswer.FIRST_WEIGHT]: "first_weight",
  [BillingAnswer.ANOTHER_SCALE]: "another_scale",
  [BillingAnswer.NO_REFERENCE]: "no_reference",
};
const integrityWord: Record<number, string> = {
  [IntegrityAnswer.INTACT]: "intact",
  [IntegrityAnswer.HELD_OVER]: "held_over",
  [IntegrityAnswer.HELD_UNDER]: "held_under",
  [IntegrityAnswer.NO_REFERENCE]: "no_reference",
  [IntegrityAnswer.BELOW_MINIMUM]: "below_minimum",
};

export function VerdictLines({ verdict, massMg }: { verdict: WeighVerdict; massMg: bigint }) {
  const { t } = useTranslation();
  const lines: { question: string; answer: string; figures: string }[] = [];
  const billing = billingWord[verdict.billing];
  if (billing) {
    lines.push({
      question: t("verdict.billing.question"),
      answer: t(`verdict.billing.${billing}`),
      figures: verdict.hasDeclared
        ? t("verdict.billing.figures", {
            declared: kilograms(verdict.declaredMg),
            difference: signedKilograms(massMg - verdict.declaredMg),
            limit: grams(verdict.billingLimitMg),
            bills: kilograms(verdict.billsMg, 1),
          })
        : t("verdict.billing.bills_only", { bills: kilograms(verdict.billsMg, 1) }),
    });
  }
  const integrity = integrityWord[verdict.integrity];
  if (integrity) {
    lines.push({
      question: t("verdict.integrity.question"),
      answer: t(`verdict.integrity.${integrity}`),
      figures: verdict.hasHandedOn
        ? t("verdict.integrity.figures", {
            before: kilograms(verdict.handedOnMg),
            difference: signedKilograms(massMg - verdict.handedOnMg),
            limit: grams(verdict.integrityLimitMg),
          })
        : t("verdict.integrity.no_figures"),
    });
  }
  return (
    <div className="verdict-lines">
      {lines.map((line) => (
        <div className="verdict-line" key={line.question}>
          <span className="verdict-question">{line.question}</span>
          <strong>{line.answer}</strong>
          <span className="verdict-figures">{line.figures}</span>
        </div>
      ))}
      {verdict.clause && (
        <div className="verdict-clause">
          {t("verdict.clause", { clause: verdict.clause, contract: verdict.contract, version: verdict.contractVersion })}
        </div>
      )}
    </div>
  );
}

// What stands large: the parcel in hand while it is not judged yet, else the last verdict. An old verdict never stands over a new parcel.
export function VerdictPanel({ state }: { state: StationState | undefined }) {
  const { t } = useTranslation();
  const judged = state?.judged;
  const pairing = state?.pairing;
  if (pairing?.state === "waiting_for_weight" && pairing.parcel && (state?.scan?.atUs ?? 0n) > (judged?.atUs ?? 0n)) {
    return <Awaiting tone="wait" title={t("station.weigh_it")} parcel={pairing.parcel} hint={t("station.weigh_it_hint")} />;
  }
  if (pairing?.state === "waiting_for_scan") {
    return <Awaiting tone="wait" title={t("station.scan_it")} parcel={t("station.no_code")} hint={t("station.scan_it_hint")} />;
  }
  if (!judged) return <Awaiting tone="idle" title={t("station.ready")} parcel="" hint={t("station.ready_hint")} />;
  return <Verdict judged={judged} past={pairing?.state === "idle"} />;
}

function Awaiting({ tone, title, parcel, hint }: { tone: string; title: string; parcel: string; hint: string }) {
  return (
    <section className={`verdict tone-${tone}`} aria-live="polite" data-awaiting={parcel}>
      <div className="verdict-head">
        <Icon tone={tone} />
        <h1>{title}</h1>
      </div>
      {parcel && <div className="verdict-parcel">{parcel}</div>}
      <p className="verdict-why">{hint}</p>
    </section>
  );
}

export function Lost() {
  const { t } = useTranslation();
  return (
    <section className="verdict tone-stop" role="alert" data-lost="agent">
      <div className="verdict-head">
        <Icon tone="lost" />
        <h1>{t("station.lost")}</h1>
      </div>
      <p className="verdict-why">{t("station.lost_hint")}</p>
    </section>
  );
}

function Verdict({ judged, past }: { judged: Judged; past: boolean }) {
  const { t } = useTranslation();
  const spoken = language();
  const why = t(`why.${judged.headline}`, { defaultValue: "" });
  return (
    <section
      className={`verdict tone-${judged.tone || "wait"}`}
      aria-live="assertive"
      data-parcel={judged.parcel}
      data-headline={judged.headline}
      data-tone={judged.tone}
    >
      <div className="verdict-head">
        <Icon tone={judged.tone || "wait"} />
        <h1>{t(`headline.${judged.headline}`, { defaultValue: t("headline.other") })}</h1>
      </div>
      <div className="verdict-main">
        <div>
          <div className="verdict-parcel">{judged.parcel || t("station.no_code")}</div>
          <div className="verdict-sub">
            {[
              judged.account,
              judged.product && t(`product.${judged.product}`, { defaultValue: judged.product }),
              judged.destination && t("station.to", { destination: judged.destination }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </div>
          <div className="tags">
            {past && <span className="tag tag-past">{t("station.past")}</span>}
            {judged.typed && <span className="tag tag-typed">{t("tag.typed")}</span>}
            {judged.goesFirst && <span className="tag">{t("tag.goes_first")}</span>}
            {judged.insured && <span className="tag">{t("tag.insured")}</span>}
            {judged.fragile && <span className="tag">{t("tag.fragile")}</span>}
            {judged.codMinor > 0n && (
              <span className="tag">{t("tag.cod", { amount: money(judged.codMinor, judged.currency, spoken) })}</span>
            )}
            {judged.freightCollectMinor > 0n && (
              <span className="tag">
                {t("tag.freight_collect", { amount: money(judged.freightCollectMinor, judged.currency, spoken) })}
              </span>
            )}
          </div>
        </div>
        <div className="verdict-mass">
          {judged.massMg !== 0n && (
            <>
              {kilograms(judged.massMg)}
              <small> kg</small>
            </>
          )}
          <Trace grams={judged.traceG} height={30} />
        </div>
      </div>
      {why && <p className="verdict-why">{why}</p>}
      {judged.verdict && <VerdictLines verdict={judged.verdict} massMg={judged.massMg} />}
    </section>
  );
}
