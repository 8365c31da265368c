import { useTranslation } from "react-i18next";
import { grams, kilograms, signedKilograms } from "../../format/figures";
import type { CheckedWeight, ScaleCheckProgress } from "../../gen/kal/edge/v1/station_pb";
import { Icon } from "./Icons";

// The check with test weights: what to put on now, large; below it what each weight showed against its limit.
export function CheckPanel({ check }: { check: ScaleCheckProgress }) {
  const { t } = useTranslation();
  const over = check.phase === "passed" || check.phase === "failed";
  const tone = check.phase === "passed" ? "good" : check.phase === "failed" ? "stop" : check.otherWeightMg > 0n ? "warn" : "wait";
  const waiting = Array.from({ length: Math.max(0, check.total - check.weights.length) }, (_, index) => index);
  return (
    <section className={`verdict tone-${tone}`} aria-live="assertive" data-check={check.phase}>
      <div className="verdict-head">
        <Icon tone={tone} />
        <h1>{t(`scale_check.${check.phase}`)}</h1>
      </div>
      {!over && (
        <div className="verdict-mass check-next">
          {kilograms(check.nextMg)}
          <small> kg</small>
        </div>
      )}
      {check.otherWeightMg > 0n && <p className="verdict-why">{t("scale_check.other", { shown: kilograms(check.otherWeightMg) })}</p>}
      <ol className="check-weights">
        {check.weights.map((weight) => (
          <Weight key={String(weight.nominalMg)} weight={weight} />
        ))}
        {waiting.map((index) => (
          <li key={index} className="tone-text-wait">
            <span aria-hidden="true">{check.weights.length + index + 1}</span>
            {index === 0 ? <b>{kilograms(check.nextMg)} kg</b> : <b>…</b>}
          </li>
        ))}
      </ol>
      {over && <p className="verdict-why">{t(`scale_check.${check.phase}_hint`)}</p>}
    </section>
  );
}

function Weight({ weight }: { weight: CheckedWeight }) {
  const { t } = useTranslation();
  const tone = weight.passed ? (weight.drifting ? "warn" : "good") : "stop";
  const off = weight.shownMg - weight.nominalMg;
  return (
    <li className={`tone-text-${tone}`} data-weight={String(weight.nominalMg)} data-passed={weight.passed}>
      <Icon tone={tone} />
      <b>{kilograms(weight.nominalMg)} kg</b>
      <span>{t("scale_check.shown", { shown: kilograms(weight.shownMg), off: signedKilograms(off), limit: grams(weight.limitMg) })}</span>
      {weight.drifting && <span>{t("scale_check.drifting")}</span>}
    </li>
  );
}
