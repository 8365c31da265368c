// What people type, as the wire's whole numbers: exact, never through a floating-point number.

// "2.345" with so many decimals as minor units; undefined when it is not such a number. A comma is read as the point it is in many places.
export function scaled(text: string, decimals: number): bigint | undefined {
  const found = /^([+-]?)(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim());
  if (!found) return undefined;
  const [, sign, whole = "0", fraction = ""] = found;
  if (fraction.length > decimals && /[1-9]/.test(fraction.slice(decimals))) return undefined;
  const value = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  return sign === "-" ? -value : value;
}

export const milligramsOf = (kg: string) => scaled(kg, 6);
export const minorOf = (amount: string, decimals = 2) => scaled(amount, decimals);

// "40 × 30 × 20" in centimetres as millimetres; any sign between, at most one decimal each.
export function sidesOf(text: string): { lengthMm: number; widthMm: number; heightMm: number } | undefined {
  const parts = text.trim().split(/\s*[x×*,，]\s*|\s+/i);
  if (parts.length !== 3) return undefined;
  const mm = parts.map((part) => scaled(part, 1));
  if (mm.some((side) => side === undefined || side <= 0n || side > 100_000n)) return undefined;
  const [lengthMm = 0, widthMm = 0, heightMm = 0] = mm.map(Number);
  return { lengthMm, widthMm, heightMm };
}

// Whole minor units as a person types them: "12.40".
export function typed(value: bigint | number, decimals: number): string {
  const text = String(value < 0 ? -value : value).padStart(decimals + 1, "0");
  const sign = value < 0 ? "-" : "";
  return decimals === 0 ? sign + text : `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

// The instant of a local wall-clock time "2026-11-01T08:30" in a zone, in microseconds; undefined when it is none. A time that a change of the clocks leaves
// out or makes twice is read with the offset before the change.
export function instantOf(local: string, zone: string): bigint | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?$/.exec(local.trim());
  if (!found) return undefined;
  const [year, month, day, hour, minute] = found.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  if (new Date(wall).getUTCDate() !== day || month > 12 || hour > 23 || minute > 59) return undefined;
  const at = wall - offsetMs(wall - offsetMs(wall, zone), zone);
  return BigInt(at) * 1000n;
}

// The other way round: an instant as a form's field shows it, to the minute.
export function localOf(us: bigint, zone: string): string {
  const ms = Number(us / 1000n);
  return new Date(ms + offsetMs(ms, zone)).toISOString().slice(0, 16);
}

function offsetMs(at: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(at)))
    part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

// "details.phone" and "client_contact" as the names of form fields.
export const fieldPath = (field: string): string[] =>
  field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => part.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
