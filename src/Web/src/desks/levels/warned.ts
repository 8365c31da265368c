import type { TFunction } from "i18next";
import type { Language } from "../../app/texts";
import type { WarningSubject, WarningView } from "../../gen/kal/levels/v1/scorecards_pb";
import { fixed, shifted, thousands, trimmed } from "./decimal";
import { dayName } from "./period";
import { coded, evidenceText } from "./words";

// What of a warning's evidence is said first, by reason; the rest follows in the order of names.
const first: Record<string, string[]> = {
  overdue: ["oldest_days", "days_over_90_minor", "days_61_90_minor", "days_31_60_minor", "days_1_30_minor", "not_due_minor"],
  credit_used: ["use", "used_minor", "limit_minor", "unbilled"],
  volume_behind: ["behind", "so_far", "expected", "committed", "at_this_pace"],
  steps_late: ["late", "longest_days", "steps", "done"],
  over_budget: ["over", "billed_minor", "budget_minor", "lines"],
  account_changed: ["not_noted", "longest_days", "changes"],
  volume_changed: ["change", "last", "before"],
  budget_overspent: ["failed", "allowed", "left"],
  budget_going: ["failed", "allowed", "left"],
  fast_burn: ["failed", "units", "hours", "rate", "rate_lately"],
  slow_burn: ["failed", "units", "hours", "rate", "rate_lately"],
  not_contacted: ["days_without", "days_allowed", "last_contact", "grade"],
  contact_fell: ["rate_before", "rate_after", "contacts_before", "contacts_after", "days_after"],
  knock_out: ["knock_outs", "insured_lost", "privacy_breach", "false_events_proved", "obligations_met", "obligations_due"],
  regress_risk: ["score", "threshold"],
};
for (const chart of ["above_usual", "below_usual", "index_above", "index_below"])
  first[chart] = ["today", "mean", "low", "high", "sigma", "days"];

// The currency is said with the amounts, and is none of the figures; empty buckets of an ageing say nothing.
export function evidenceLines(
  t: TFunction,
  one: Pick<WarningView, "reason" | "evidence">,
  language: Language,
): { name: string; text: string }[] {
  const order = first[one.reason] ?? [];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const currency = one.evidence.currency ?? "";
  return Object.entries(one.evidence)
    .filter(([name, value]) => name !== "currency" && !(/^(days_|not_due).*_minor$/.test(name) && value === "0"))
    .sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b))
    .map(([name, value]) => ({ name, text: evidenceText(t, name, value, currency, language) }));
}

// Why, in a sentence with its figures; what has no sentence of its own is said by its reason alone.
export function whyWarned(t: TFunction, one: Pick<WarningView, "reason" | "evidence">, language: Language): string {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(one.evidence)) plain[name] = said(t, name, value, language);
  // A sentence with a hole is none: evidence of before lacks what is told today.
  const sentence = t(`levels.warned_because.${one.reason}`, { ...plain, defaultValue: "" });
  const whole = sentence !== "" && !/\{\{|undefined/.test(sentence) && (needs[one.reason] ?? []).every((name) => name in plain);
  return whole ? sentence : coded(t, "warning", one.reason);
}

const needs: Record<string, string[]> = {
  overdue: ["oldest_days"],
  credit_used: ["use"],
  volume_behind: ["behind", "so_far", "expected"],
  steps_late: ["late", "longest_days"],
  over_budget: ["over", "lines"],
  account_changed: ["not_noted", "longest_days"],
  volume_changed: ["last", "before"],
  above_usual: ["today", "mean"],
  below_usual: ["today", "mean"],
  index_above: ["today", "mean"],
  index_below: ["today", "mean"],
  budget_overspent: ["failed", "allowed"],
  budget_going: ["failed", "allowed"],
  fast_burn: ["failed", "units", "hours"],
  slow_burn: ["failed", "units", "hours"],
  not_contacted: ["days_without", "days_allowed", "grade"],
  contact_fell: ["rate_before", "rate_after"],
  knock_out: ["knock_outs"],
  regress_risk: ["score", "threshold"],
};

const shares = ["use", "behind", "over", "change"];

function said(t: TFunction, name: string, value: string, language: Language): string {
  if (shares.includes(name)) return trimmed(fixed(shifted(value, 2), 1));
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return dayName(value, language);
  if (!/^-?\d/.test(value)) return t(`levels.evidence_word.${value}`, { defaultValue: value });
  return thousands(trimmed(fixed(value, 1)));
}

// What a warning is about, and where it can be looked at; empty = nowhere.
export function subjectOf(
  t: TFunction,
  one: WarningSubject,
  account: string,
  month: string,
  language: Language,
): { text: string; to: string } {
  if (one.kind === "indicator") {
    const to = `/levels/${encodeURIComponent(account)}/behind/${encodeURIComponent(one.name)}?${new URLSearchParams({ which: "missed", month })}`;
    // What caps a grade has a word in place of a code.
    return { text: t(`levels.capped_by.${one.name}`, { defaultValue: one.name }), to };
  }
  if (one.kind === "change") {
    const [what = "", day = ""] = one.name.split("/");
    return {
      text: t("levels.changed_on", { what: coded(t, "changed", what), day: dayName(day, language) }),
      to: `/accounts/${encodeURIComponent(account)}`,
    };
  }
  // Account, rule and asking; a rule may have a point of its own.
  if (one.kind === "warning")
    return { text: ruleText(t, one.name.startsWith(`${account}.`) ? one.name.slice(account.length + 1) : one.name), to: "" };
  return { text: one.name, to: "" };
}

function ruleText(t: TFunction, rule: string): string {
  const parts = rule.split(".").slice(0, -1);
  const name = coded(t, "rule", parts[0] ?? rule);
  return parts.length > 1 ? `${name} ${parts.slice(1).join(".")}` : name;
}
