import { compare } from "./decimal";
import { daysBetween } from "./period";

// Weeks from Monday to Sunday that hold a month; days outside it are absent.
export function weeksOf(from: string, to: string): (string | undefined)[][] {
  const monday = (day: string) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const days: (string | undefined)[] = [...Array<undefined>(monday(from)).fill(undefined), ...daysBetween(from, to)];
  while (days.length % 7 !== 0) days.push(undefined);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

export const monthsOf = (from: string, to: string) => [...new Set(daysBetween(from, to).map((day) => day.slice(0, 7)))];

// The part of a month that lies within a range.
export function within(month: string, from: string, to: string): [string, string] {
  const days = daysBetween(from, to).filter((day) => day.startsWith(month));
  return [days[0] ?? from, days.at(-1) ?? to];
}

export const shades = 5;

// The limits between the shades: fifths of the days that are there, so that one bad day does not make all others look alike. Fewer where figures are the same.
export function limitsOf(values: string[]): string[] {
  const sorted = values.filter((value) => value !== "").sort((a, b) => compare(a, b) ?? 0);
  if (sorted.length === 0) return [];
  const limits: string[] = [];
  for (let fifth = 1; fifth < shades; fifth++) {
    const limit = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * fifth) / shades))] ?? "";
    const least = limits.at(-1) ?? sorted[0] ?? "";
    if ((compare(limit, least) ?? 0) > 0) limits.push(limit);
  }
  return limits;
}

// From 0, the best; a figure on a limit belongs to the worse.
export const shadeOf = (value: string, limits: string[]) => limits.filter((limit) => (compare(value, limit) ?? -1) >= 0).length;
