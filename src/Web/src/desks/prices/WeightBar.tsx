import { useTranslation } from "react-i18next";
import { grams, kilograms, signedGrams } from "../../format/figures";
import type { Weighed } from "./trace";

// Actual, volumetric and chargeable weight on one scale, and where the rounding went.
export function WeightBar({ weighed }: { weighed: Weighed }) {
  const { t } = useTranslation();
  const { actualMg, volumeMg, largerMg, firstMg, billsMg } = weighed;
  const whole = [actualMg, volumeMg, billsMg].reduce((a, b) => (a > b ? a : b), 1n);
  const wide = (mg: bigint) => `${Number((mg * 10_000n) / whole) / 100}%`;
  const rounded = billsMg - largerMg;
  const why =
    billsMg === firstMg && largerMg < firstMg
      ? t("price.at_least_first", { first: kilograms(firstMg, 1) })
      : weighed.rounding === "ceil_step"
        ? t("price.rounded_ceil_step", { step: grams(BigInt(weighed.roundBy)) })
        : weighed.rounding
          ? t(`price.rounded_${weighed.rounding}`, { decimals: weighed.roundBy })
          : "";
  return (
    <div className="weight-bar" role="img" aria-label={t("price.weight_bar")}>
      <span>{t("price.actual")}</span>
      <span className="bar">
        <i className={actualMg >= volumeMg ? "counts" : ""} style={{ width: wide(actualMg) }} />
      </span>
      <b className="numbers">{kilograms(actualMg)} kg</b>
      <span>{weighed.divisor ? t("price.volumetric", { divisor: weighed.divisor }) : t("price.no_volume")}</span>
      <span className="bar">
        <i className={volumeMg > actualMg ? "counts" : ""} style={{ width: wide(volumeMg) }} />
      </span>
      <b className="numbers">{volumeMg > 0n ? `${kilograms(volumeMg)} kg` : "–"}</b>
      <span>{t("price.chargeable")}</span>
      <span className="bar">
        <i className="bills" style={{ width: wide(rounded > 0n ? largerMg : billsMg) }} />
        {rounded > 0n && <i className="rounded" style={{ left: wide(largerMg), width: wide(rounded) }} />}
      </span>
      <b className="numbers">{kilograms(billsMg)} kg</b>
      {rounded !== 0n && (
        <span className="bar-note quiet-text">
          {signedGrams(rounded)} g · {why}
        </span>
      )}
    </div>
  );
}
