// Figures come as exact decimal text. They are rounded here once, half away from zero, on whole numbers: a double would show 1.005 as 1.00.
interface Exact {
  units: bigint;
  scale: number;
}

function read(text: string): Exact | undefined {
  const found = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return undefined;
  const [, sign, whole = "0", fraction = ""] = found;
  const units = BigInt(whole + fraction);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

function write(units: bigint, scale: number): string {
  const text = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

const ten = (power: number) => 10n ** BigInt(power);

function divided(units: bigint, by: bigint): bigint {
  const negative = units < 0n !== by < 0n;
  const [a, b] = [units < 0n ? -units : units, by < 0n ? -by : by];
  const rounded = (2n * a + b) / (2n * b);
  return negative ? -rounded : rounded;
}

// With so many decimals; text that is no number stays as it came.
export function fixed(text: string, decimals: number): string {
  const exact = read(text);
  if (!exact) return text;
  if (exact.scale <= decimals) return write(exact.units * ten(decimals - exact.scale), decimals);
  return write(divided(exact.units, ten(exact.scale - decimals)), decimals);
}

// "47.600" as "47.6".
export const trimmed = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

// Ten to a power as much: 0.952996 by 2 is 95.2996.
export function shifted(text: string, places: number): string {
  const exact = read(text);
  if (!exact) return text;
  return exact.scale >= places ? write(exact.units, exact.scale - places) : write(exact.units * ten(places - exact.scale), 0);
}

export function compare(a: string, b: string): number | undefined {
  const [one, other] = [read(a), read(b)];
  if (!one || !other) return undefined;
  const scale = Math.max(one.scale, other.scale);
  const difference = one.units * ten(scale - one.scale) - other.units * ten(scale - other.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function minus(a: string, b: string): string | undefined {
  const [one, other] = [read(a), read(b)];
  if (!one || !other) return undefined;
  const scale = Math.max(one.scale, other.scale);
  return trimmed(write(one.units * ten(scale - one.scale) - other.units * ten(scale - other.scale), scale));
}

// One over the other, times ten to a power, with so many decimals.
export function quotient(numerator: string, denominator: string, places: number, decimals: number): string | undefined {
  const [over, under] = [read(numerator), read(denominator)];
  if (!over || !under || under.units === 0n) return undefined;
  const scale = Math.max(over.scale, under.scale);
  const [a, b] = [over.units * ten(scale - over.scale), under.units * ten(scale - under.scale)];
  return write(divided(a * ten(places + decimals), b), decimals);
}

// As few decimals as show on which side of each mark a figure lies: 96.9996 is not shown as the 97.00 that it misses, nor 89.9999 as a 90.00 that would be an A.
export function apart(text: string, decimals: number, marks: string[]): string {
  for (let more = decimals; more < 12; more++) {
    const shown = fixed(text, more);
    if (marks.every((mark) => compare(shown, mark) === compare(text, mark))) return shown;
  }
  return text;
}

// Thousands apart; both languages write them so.
export function thousands(text: string): string {
  const exact = read(text);
  if (!exact) return text;
  const [whole = "", fraction] = text.trim().split(".");
  const apartBy = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? apartBy : `${apartBy}.${fraction}`;
}
