import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { grams, kilograms, money, signedKilograms } from "../../format/figures";
import type { WeighVerdict } from "../../gen/kal/custody/v1/events_pb";
import { BillingAnswer, IntegrityAnswer } from "../../gen/kal/custody/v1/events_pb";
import type { Judged } from "../../gen/kal/edge/v1/station_pb";
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
        : "",
    });
  }
  return (
    <>
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
    </>
  );
}

export function VerdictPanel({ judged }: { judged: Judged | undefined }) {
  const { t } = useTranslation();
  if (!judged) {
    return (
      <section className="verdict tone-idle" aria-live="polite">
        <h1>{t("station.ready")}</h1>
        <p className="verdict-parcel">{t("station.ready_hint")}</p>
      </section>
    );
  }
  const amounts = language();
  return (
    <section
      className={`verdict tone-${judged.tone || "wait"}`}
      aria-live="assertive"
      data-parcel={judged.parcel}
      data-headline={judged.headline}
    >
      <h1>{t(`headline.${judged.headline}`, { defaultValue: judged.headline })}</h1>
      <div className="verdict-main">
        <div>
          <div className="verdict-parcel">{judged.parcel || t("station.no_code")}</div>
          <div className="verdict-sub">
            {[
              judged.account,
              judged.product && t(`product.${judged.product}`, { defaultValue: judged.product }),
              judged.destination && `→ ${judged.destination}`,
            ]
              .filter(Boolean)
              .join(" · ")}
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
      {judged.verdict && <VerdictLines verdict={judged.verdict} massMg={judged.massMg} />}
      <div className="tags">
        {judged.typed && <span className="tag tag-typed">{t("tag.typed")}</span>}
        {judged.insured && <span className="tag">{t("tag.insured")}</span>}
        {judged.fragile && <span className="tag">{t("tag.fragile")}</span>}
        {judged.codMinor > 0n && <span className="tag">{t("tag.cod", { amount: money(judged.codMinor, judged.currency, amounts) })}</span>}
        {judged.freightCollectMinor > 0n && (
          <span className="tag">{t("tag.freight_collect", { amount: money(judged.freightCollectMinor, judged.currency, amounts) })}</span>
        )}
      </div>
    </section>
  );
}
