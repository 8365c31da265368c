import type { Budget } from "../../gen/kal/levels/v1/scorecards_pb";
import { dayNumber, dayOf } from "./period";

type Figures = Pick<
  Budget,
  "expected" | "allowed" | "failed" | "left" | "goneOn" | "hasForecast" | "forecastFailures" | "forecastLow" | "forecastHigh" | "days"
>;

// How a target will end, the worst first.
export const states = ["overspent", "used_up", "probably_missed", "gone_on", "uncertain", "kept", "unknown"] as const;
export type BudgetState = (typeof states)[number];

export function stateOf(one: Figures): BudgetState {
  if (one.left < 0n) return "overspent";
  if (one.expected === 0n) return "unknown";
  if (one.left === 0n && one.failed > 0n) return "used_up";
  // Without one nothing is promised; of a period that is over the server gives how it ended.
  const foreseen = one.hasForecast;
  if (foreseen && one.forecastFailures > one.allowed) return "probably_missed";
  if (one.goneOn) return "gone_on";
  if (!foreseen) return "unknown";
  return one.forecastHigh > one.allowed ? "uncertain" : "kept";
}

export type Tone = "good" | "warn" | "bad" | "none";
export const toneOf: Record<BudgetState, Tone> = {
  overspent: "bad",
  used_up: "bad",
  probably_missed: "bad",
  gone_on: "warn",
  uncertain: "warn",
  kept: "good",
  unknown: "none",
};

// How much of what may be lost is lost, in percent; where nothing may be lost, one failure is all of it.
export function usedPercent(one: Figures): number {
  if (one.allowed > 0n) return Number((one.failed * 1000n) / one.allowed) / 10;
  return one.failed > 0n ? 100 : 0;
}

// The most pressing first: what state it is in, then how much is used.
export const pressing = <B extends Figures>(budgets: B[]) =>
  [...budgets].sort((a, b) => states.indexOf(stateOf(a)) - states.indexOf(stateOf(b)) || usedPercent(b) - usedPercent(a));

// The page's answer: the worst of all that can be said; nothing said is no promise kept.
export function answerOf(budgets: Figures[]): BudgetState {
  const found: BudgetState[] = budgets.map(stateOf).filter((state) => state !== "unknown");
  return states.find((state) => found.includes(state)) ?? "unknown";
}

// What failed on each day. The wire gives numerator and denominator of the indicator, and the numerator of most is what went well; the sum tells which it is.
export function failuresByDay(one: Pick<Figures, "days" | "failed">, lowerIsBetter: boolean): { day: string; failed: bigint }[] {
  const bad = one.days.map((day) => day.numerator);
  const missed = one.days.map((day) => day.denominator - day.numerator);
  const sum = (all: bigint[]) => all.reduce((a, b) => a + b, 0n);
  const fits = [sum(bad) === one.failed, sum(missed) === one.failed];
  const taken = fits[0] === fits[1] ? (lowerIsBetter ? bad : missed) : fits[0] ? bad : missed;
  return one.days.map((day, at) => ({ day: day.day, failed: taken[at] ?? 0n }));
}

export interface BurnDown {
  // Days from the period's first; 0 is the morning before anything happened.
  length: number;
  measured: { at: number; left: number }[];
  forecast: { at: number; low: number; mid: number; high: number } | undefined;
  goneAt: number | undefined;
  top: number;
  bottom: number;
}

// What is left after each day, and the fan from the last of them to the period's end.
export function burnDown(one: Figures, from: string, to: string, lowerIsBetter: boolean): BurnDown {
  const first = dayNumber(from);
  const length = dayNumber(to) - first + 1;
  const allowed = Number(one.allowed);
  const failures = new Map(failuresByDay(one, lowerIsBetter).map(({ day, failed }) => [day, failed]));
  const last = Math.max(0, ...one.days.map((day) => dayNumber(day.day) - first + 1));
  const measured = [{ at: 0, left: allowed }];
  let left = one.allowed;
  for (let at = 1; at <= Math.min(last, length); at++) {
    left -= failures.get(dayOf(first + at - 1)) ?? 0n;
    measured.push({ at, left: Number(left) });
  }
  const forecast =
    one.hasForecast && last < length
      ? {
          at: length,
          low: allowed - Number(one.forecastHigh),
          mid: allowed - Number(one.forecastFailures),
          high: allowed - Number(one.forecastLow),
        }
      : undefined;
  const all = [0, allowed, ...measured.map((point) => point.left), ...(forecast ? [forecast.low, forecast.high] : [])];
  const top = Math.max(...all);
  const bottom = Math.min(...all);
  return {
    length,
    measured,
    forecast,
    goneAt: one.goneOn ? dayNumber(one.goneOn) - first + 1 : undefined,
    top: top === bottom ? top + 1 : top,
    bottom,
  };
}
