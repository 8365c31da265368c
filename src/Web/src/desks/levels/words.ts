import type { TFunction } from "i18next";
import type { Language } from "../../app/texts";
import type { Budget, IndicatorScore, Restatement } from "../../gen/kal/levels/v1/scorecards_pb";
import { stateOf } from "./budget";
import { apart, compare, fixed, minus, quotient, shifted, thousands, trimmed } from "./decimal";
import { dayName } from "./period";

// A code in words; what has none yet is shown as it is.
export const coded = (t: TFunction, group: string, code: string) =>
  code ? t(`levels.${group}.${code}`, { defaultValue: code.replaceAll("_", " ") }) : "";

// Why an indicator has no value: the wire's code in the reader's words; a code of a later server shows that server's sentence.
export function whyWithout(t: TFunction, one: Pick<IndicatorScore, "reasonCode" | "reason" | "sample" | "minimum">): string {
  if (one.reasonCode === "too_few")
    return t("levels.too_few_of", { n: thousands(String(one.sample)), least: thousands(String(one.minimum)) });
  return one.reasonCode ? t(`levels.why.${one.reasonCode}`, { defaultValue: one.reason }) : one.reason;
}

const sentences: Record<string, string> = {
  "No dimension with a weight has a score.": "no_dimension",
  "The account has no such contract version whose plan could score it.": "no_version",
};

// Why an account has no score: a code, or the sentence that the server wrote for programs, which stands in the reader's words where they are known.
export function whyText(t: TFunction, reason: string): string {
  const flaw = /^The contract's service clause makes no plan: (.*)$/.exec(reason);
  if (flaw) return t("levels.flaw", { flaw: flaw[1] ?? "" });
  return coded(t, "why", sentences[reason] ?? reason);
}

export const named = (one: { nameZh: string; nameEn: string }, language: Language) =>
  language === "zh" ? one.nameZh || one.nameEn : one.nameEn || one.nameZh;

export const unitSign: Record<string, string> = { percent: "%", ppm: "ppm", hours: "h" };
const places: Record<string, number> = { percent: 2, ppm: 6 };

// A score as it is shown: two decimals, more where those would stand on another side of a grade's limit.
export const scoreText = (score: string) => apart(score, 2, ["60", "75", "90", "100"]);

type Measured = Pick<IndicatorScore, "numerator" | "denominator" | "value" | "unit" | "target" | "threshold" | "floor">;

// A value in the unit of its target. The wire rounds it to six decimals, which is little for one in a million: where numerator over denominator is that value,
// they say it exactly.
export function valueText(one: Measured, value = one.value): string {
  if (!value) return "";
  const by = places[one.unit] ?? 0;
  const decimals = value.split(".")[1]?.length ?? 0;
  const counted = value === one.value ? quotient(one.numerator, one.denominator, 0, decimals) : undefined;
  const finer = counted === value ? quotient(one.numerator, one.denominator, by, 8) : undefined;
  const shown = apart(
    finer ?? shifted(value, by),
    2,
    [one.target, one.threshold, one.floor].filter((mark) => compare(mark, "0") !== undefined),
  );
  return one.unit === "percent" ? shown : trimmed(shown);
}

type NamedIndicator = Pick<IndicatorScore, "indicator" | "nameZh" | "nameEn">;

// A figure by its name: an indicator by code and name, the steps to a gate, parcels; else a component of the index or what caps a grade.
export function figureName(t: TFunction, figure: string, known: NamedIndicator[], language: Language): string {
  const indicator = known.find((one) => one.indicator === figure);
  if (indicator) return `${figure} ${named(indicator, language)}`.trim();
  if (figure.startsWith("gate.")) return t("levels.gate_step", { gate: gateName(t, figure.slice(5)) });
  return figure === "parcels" ? t("levels.accepted") : coded(t, "component", figure);
}

// One side of a restatement: the value in the unit of its target and what it is made of, or the count alone.
export function restatedText(one: Pick<Restatement, "unit" | "currency">, of: string, value: string): string {
  const [numerator = "", denominator = ""] = of.split("/");
  const money = one.currency ? ` ${one.currency}` : "";
  const figures = `${of.split("/").map(figureText).join(" / ")}${money}`;
  if (one.unit === "count" || one.unit === "") return figures;
  const shown = valueText({ numerator, denominator, value, unit: one.unit, target: "", threshold: "", floor: "" });
  return `${shown ? `${shown} ${unitSign[one.unit] ?? one.unit}` : "–"} (${figures})`;
}

// Numerators of money and of hours are sums, not counts.
const sums = ["C2", "T4"];

// What did not do: what a drill-down's "missed" lists. A mean and an overrun have nothing of the kind.
export function missedOf(one: Pick<IndicatorScore, "indicator" | "numerator" | "denominator" | "lowerIsBetter" | "unit">): string {
  if (sums.includes(one.indicator) || one.unit === "hours" || !one.numerator || !one.denominator) return "";
  return one.lowerIsBetter ? one.numerator : (minus(one.denominator, one.numerator) ?? "");
}

// Their numerator is more than a count of subjects: hours, money, scans.
export const addsMore = (indicator: string) => sums.includes(indicator) || addsScans(indicator);

// Scans of a parcel are several.
export const addsScans = (indicator: string) => indicator === "Q4" || indicator === "O1";

// Money and hours keep their decimals, counts have none.
export const figureText = (text: string) => thousands(trimmed(text));

export const shareText = (share: string) => (share ? `${trimmed(fixed(shifted(share, 2), 1))} %` : "");

export interface At {
  account: string;
  month: string;
  dimension: string;
  member: string;
}

// Where the parcels behind a figure stand.
export const gateName = (t: TFunction, gate: string): string => coded(t, "gate", gate);

export function behindPath(at: At, indicator: string, which: string, day = "", first = day): string {
  const query = new URLSearchParams({ which, month: at.month });
  if (day) {
    query.set("from", first);
    query.set("to", day);
  }
  if (at.dimension && at.member) {
    query.set("dimension", at.dimension);
    query.set("member", at.member);
  }
  return `/levels/${encodeURIComponent(at.account)}/behind/${encodeURIComponent(indicator)}?${query}`;
}

// One and many read differently in English: the two stand under the same key.
export const counted = (t: TFunction, key: string, count: bigint | number, more: Record<string, string> = {}) =>
  t(`${key}_${BigInt(count) === 1n ? "one" : "other"}`, { ...more, n: thousands(String(count)) });

// "23 late parcels left; at this week's pace gone on 19 October".
export function budgetSentence(t: TFunction, one: Budget, language: Language): string {
  const state = stateOf(one);
  const what = (count: bigint) => {
    const form = count === 1n ? "one" : "other";
    return t(`levels.what.${one.indicator}_${form}`, { defaultValue: t(`levels.what.any_${form}`) });
  };
  if (state === "overspent") return t("levels.overspent", { n: thousands(String(-one.left)), what: what(-one.left) });
  if (one.expected === 0n) return t("levels.nothing_expected");
  if (one.left === 0n) return t("levels.used_up");
  const left = t("levels.left", { n: thousands(String(one.left)), what: what(one.left) });
  const allowed = thousands(String(one.allowed));
  // The week's pace and the forecast may differ: where it is the forecast that warns, it is the forecast that is said.
  const rest = one.goneOn
    ? t("levels.gone_on", { day: dayName(one.goneOn, language) })
    : state === "probably_missed"
      ? t("levels.forecast_over", { n: thousands(String(one.forecastFailures)), allowed })
      : state === "uncertain"
        ? t("levels.forecast_up_to", { n: thousands(String(one.forecastHigh)), allowed })
        : t("levels.lasts");
  return `${left}${t("levels.semicolon")}${rest}`;
}

const percentFigures = ["use", "over", "behind", "change"];

// One figure of a warning's evidence: its word, and the figure as people read it. What is no figure is a day, a word of its own, or said as it stands.
export function evidenceText(t: TFunction, name: string, value: string, currency = "", spoken: Language = "en"): string {
  const shown = /^\d{4}-\d\d-\d\d$/.test(value)
    ? dayName(value, spoken)
    : compare(value, "0") === undefined
      ? t(`levels.evidence_word.${value}`, { defaultValue: value })
      : name.endsWith("_minor")
        ? `${currency ? `${currency} ` : ""}${thousands(fixed(shifted(value, -2), 2))}`
        : percentFigures.includes(name)
          ? `${trimmed(fixed(shifted(value, 2), 1))} %`
          : thousands(trimmed(fixed(value, 3)));
  return t("levels.evidence_is", { what: coded(t, "evidence", name.replace(/_minor$/, "")), value: shown });
}
