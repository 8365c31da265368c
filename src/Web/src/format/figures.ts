import type { Language } from "../app/texts";

// Wire figures are 64-bit integers: milligrams, minor units, microseconds. All that are shown fit a double exactly up to 2^53.
export function kilograms(milligrams: bigint | number, decimals = 3): string {
  const mg = Number(milligrams);
  return (mg / 1_000_000).toFixed(decimals);
}

export function signedKilograms(milligrams: bigint | number, decimals = 3): string {
  const mg = Number(milligrams);
  return `${mg > 0 ? "+" : mg < 0 ? "−" : "±"}${kilograms(Math.abs(mg), decimals)}`;
}

export function signedGrams(milligrams: bigint | number): string {
  const g = Math.round(Number(milligrams) / 1000);
  return `${g > 0 ? "+" : g < 0 ? "−" : "±"}${Math.abs(g)}`;
}

export function grams(milligrams: bigint | number): string {
  const g = Number(milligrams) / 1000;
  return Number.isInteger(g) ? String(g) : g.toFixed(1);
}

const decimalsOf: Record<string, number> = { JPY: 0, KRW: 0, VND: 0, CLP: 0, KWD: 3, BHD: 3, OMR: 3, TND: 3 };

export function money(minor: bigint | number, currency: string, language: Language): string {
  const decimals = decimalsOf[currency] ?? 2;
  const amount = Number(minor) / 10 ** decimals;
  try {
    return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
      style: "currency",
      currency: currency || "XXX",
      minimumFractionDigits: decimals,
    }).format(amount);
  } catch {
    return `${amount.toFixed(decimals)} ${currency}`;
  }
}

export const signedMoney = (minor: bigint, currency: string, language: Language) =>
  `${minor > 0n ? "+" : minor < 0n ? "−" : "±"}${money(minor < 0n ? -minor : minor, currency, language)}`;

let zone: string | undefined;
const zoneListeners = new Set<() => void>();

// Times are shown in the zone of the depot that is looked at; a name the browser does not know leaves its own.
export function showTimesIn(name: string | undefined) {
  try {
    if (name) new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    zone = undefined;
  }
  for (const tell of zoneListeners) tell();
}

export function onZoneShown(tell: () => void) {
  zoneListeners.add(tell);
  return () => {
    zoneListeners.delete(tell);
  };
}

export function zoneShown(): string {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function instant(us: bigint | number, language: Language, withDate = true, inZone = zone): string {
  const date = new Date(Number(us) / 1000);
  if (Number(us) === 0) return "–";
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    ...(withDate ? { year: "numeric", month: "2-digit", day: "2-digit" } : {}),
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    ...(inZone ? { timeZone: inZone } : {}),
  }).format(date);
}

// To the minute: what a list of days' work needs.
export function minute(us: bigint | number, language: Language): string {
  return Number(us) === 0 ? "–" : instant(us, language).slice(0, -3);
}

// The same in a zone of its own, named where it is not the page's.
export function minuteIn(us: bigint | number, of: string, language: Language): string {
  if (Number(us) === 0 || !of || of === zoneShown()) return minute(us, language);
  try {
    return `${instant(us, language, true, of).slice(0, -3)} ${of}`;
  } catch {
    return minute(us, language);
  }
}

// A local day of an instant as documents write it: 2026-11-01.
export function day(us: bigint | number): string {
  if (Number(us) === 0) return "–";
  return new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(zone ? { timeZone: zone } : {}),
  }).format(new Date(Number(us) / 1000));
}

// Whole days from now to the end of a day: 0 is today, negative is past.
export function daysUntil(date: string, nowMs: number): number {
  const today = day(nowMs * 1000);
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}

export const grouped = (count: bigint | number, language: Language) =>
  new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en").format(count);

export const shortHash = (bytes: Uint8Array) => hex(bytes.subarray(0, 6));

const spanUnits = { en: ["s", "min", "h", "d"], zh: ["秒", "分", "小时", "天"] } as const;

export function span(fromUs: bigint | number, toUs: bigint | number, spoken: Language): string {
  const [sec, min, hour, day] = spanUnits[spoken];
  const s = Math.max(0, Math.round((Number(toUs) - Number(fromUs)) / 1_000_000));
  if (s < 60) return `${s} ${sec}`;
  if (s < 3600) return `${Math.floor(s / 60)} ${min}`;
  if (s < 86_400) return `${Math.floor(s / 3600)} ${hour} ${Math.floor((s % 3600) / 60)} ${min}`;
  return `${Math.floor(s / 86_400)} ${day} ${Math.floor((s % 86_400) / 3600)} ${hour}`;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

const names = [
  "NUL",
  "SOH",
  "STX",
  "ETX",
  "EOT",
  "ENQ",
  "ACK",
  "BEL",
  "BS",
  "HT",
  "LF",
  "VT",
  "FF",
  "CR",
  "SO",
  "SI",
  "DLE",
  "DC1",
  "DC2",
  "DC3",
  "DC4",
  "NAK",
  "SYN",
  "ETB",
  "CAN",
  "EM",
  "SUB",
  "ESC",
  "FS",
  "GS",
  "RS",
  "US",
];

// Device bytes as a person reads them: printable ones as they are, control characters by name.
export function wireText(bytes: Uint8Array): string {
  let text = "";
  for (const b of bytes)
    text += b < 32 ? `‹${names[b]}›` : b === 127 ? "‹DEL›" : b < 127 ? String.fromCharCode(b) : `‹${b.toString(16).padStart(2, "0")}›`;
  return text;
}

// Sixteen bytes a line: offset, hex, text.
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const left = Array.from(row, (b) => b.toString(16).padStart(2, "0")).join(" ");
    const right = Array.from(row, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : "·")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${left.padEnd(47)}  ${right}`);
  }
  return lines.join("\n");
}

// One line a frame: its place, its bytes, and what they say with control characters by name. What is long is broken, sixteen bytes a line.
export function frameLines(frames: Uint8Array[]): string {
  return frames
    .flatMap((frame, index) => {
      const rows = Math.max(1, Math.ceil(frame.length / 16));
      return Array.from({ length: rows }, (_, row) => {
        const bytes = frame.subarray(row * 16, row * 16 + 16);
        const left = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");
        return `${(row === 0 ? `#${index + 1}` : "").padEnd(5)}${left.padEnd(47)}  ${wireText(bytes)}`;
      });
    })
    .join("\n");
}
