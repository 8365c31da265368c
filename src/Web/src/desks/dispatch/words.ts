import type { TFunction } from "i18next";
import type { Language } from "../../app/texts";
import { day as dayText, instant } from "../../format/figures";

const palette = ["#1d4ed8", "#c2410c", "#0f766e", "#9333ea", "#be185d", "#4d7c0f", "#0284c7", "#854d0e", "#4338ca", "#475569"];

// One colour a courier, the same in every part of the page: by his place in the day's list.
export const courierColour = (index: number) => palette[index % palette.length] ?? "#475569";

export const clock = (us: bigint | number, language: Language) => (Number(us) === 0 ? "–" : instant(us, language, false).slice(0, 5));

// The time alone on the day that is looked at, with its date on another.
export function moment(us: bigint | number, onDay: string, language: Language): string {
  if (Number(us) === 0) return "–";
  const date = dayText(us);
  return date === onDay ? clock(us, language) : `${date.slice(5)} ${clock(us, language)}`;
}

export function windowText(t: TFunction, fromUs: bigint, untilUs: bigint, onDay: string, language: Language): string {
  if (!fromUs && !untilUs) return t("dispatch.any_time");
  return `${moment(fromUs, onDay, language)}–${moment(untilUs, onDay, language)}`;
}

const signed = (value: string, negative: boolean, zero: boolean) => `${zero ? "±" : negative ? "−" : "+"}${value}`;

// Half a minute and more counts as one, as in the explanation's words.
export const minutesOf = (seconds: bigint | number) => {
  const whole = Math.floor((Math.abs(Number(seconds)) + 30) / 60);
  return whole !== 0 && Number(seconds) < 0 ? -whole : whole;
};

export function kilometres(metres: bigint | number): string {
  return (Math.abs(Number(metres)) / 1000).toFixed(1);
}

export interface Cost {
  seconds: bigint;
  metres: bigint;
  lateParcels: number;
}

// "+7 min, +1.2 km, 1 parcel late": what a place costs.
export function costText(t: TFunction, cost: Cost): string {
  const minutes = minutesOf(cost.seconds);
  const km = kilometres(cost.metres);
  const parts = [
    t("dispatch.minutes", { value: signed(String(Math.abs(minutes)), minutes < 0, minutes === 0) }),
    t("dispatch.km", { value: signed(km, cost.metres < 0n, Number(km) === 0) }),
  ];
  const late = cost.lateParcels;
  if (late > 0) parts.push(t(`dispatch.parcels_late`, { count: late }));
  if (late < 0) parts.push(t(`dispatch.parcels_less_late`, { count: -late }));
  return parts.join(t("list.comma"));
}

export const difference = (there: Cost, here: Cost): Cost => ({
  seconds: there.seconds - here.seconds,
  metres: there.metres - here.metres,
  lateParcels: there.lateParcels - here.lateParcels,
});

// Lateness as people say it: never "0 min" for what is late.
export function lateText(t: TFunction, seconds: bigint | number): string {
  const minutes = Math.max(1, Math.ceil(Number(seconds) / 60));
  if (minutes < 60) return t("dispatch.minutes", { value: minutes });
  return t("dispatch.hours_minutes", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

// The server's sentence names couriers by id; people know them by name.
export function withNames(sentence: string, names: ReadonlyMap<string, string>): string {
  let said = sentence;
  for (const [id, name] of [...names].sort((a, b) => b[0].length - a[0].length)) if (name !== id) said = said.replaceAll(id, name);
  return said;
}

// An order's id is long; its end tells it from the others.
export const shortId = (id: string) => (id.length > 20 ? `…${id.slice(-8)}` : id);

export const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

export const dayBeside = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);
