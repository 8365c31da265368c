import type { Language } from "../../app/texts";
import { zoneShown } from "../../format/figures";

export const isMonth = (text: string) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

// The month that a warning speaks of: a night looks at the day before it.
export const monthOf = (us: bigint) =>
  new Intl.DateTimeFormat("sv-SE", { year: "numeric", month: "2-digit", timeZone: zoneShown() }).format(
    new Date(Number(us / 1000n) - 6 * 3_600_000),
  );

// First and last day of a month: "2026-02" is 2026-02-01 to 2026-02-28.
export function monthDays(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, "0")}` };
}

export function monthBeside(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

// The latest so many months, this one first.
export const monthsBack = (current: string, count: number) => Array.from({ length: count }, (_, back) => monthBeside(current, -back));

export const monthName = (month: string, language: Language) =>
  new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { year: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

// "19 October", "10月19日".
export const dayName = (day: string, language: Language) =>
  new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { day: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${day}T00:00:00Z`),
  );

export const dayNumber = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
export const dayOf = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10);

export function daysBetween(from: string, to: string): string[] {
  const first = dayNumber(from);
  return Array.from({ length: Math.max(0, dayNumber(to) - first + 1) }, (_, at) => dayOf(first + at));
}
