// A day's runs along the time: where things stand in a row, and what place in a run a point of the row means. Times are microseconds as numbers, exact up to 2^53.
export interface Span {
  from: number;
  until: number;
}

export interface Visited {
  stop: string;
  arrivalUs: bigint;
  startUs: bigint;
  departureUs: bigint;
  done: boolean;
}

export interface Timed {
  shiftFromUs: bigint;
  shiftUntilUs: bigint;
  beginUs: bigint;
  endUs: bigint;
  visits: Visited[];
}

export const hourUs = 3_600_000_000;
const stepsHours = [0.25, 0.5, 1, 2, 3, 4, 6];
const usualHours = { from: 8, until: 20 };

// Whole hours of the depot's day that hold every shift and every visit; a day without couriers shows its usual hours.
export function spanOf(runs: Timed[], dayStartUs: number): Span {
  const times = runs
    .flatMap((run) => [
      run.shiftFromUs,
      run.shiftUntilUs,
      run.beginUs,
      run.endUs,
      ...run.visits.flatMap((one) => [one.arrivalUs, one.departureUs]),
    ])
    .filter((us) => us > 0n)
    .map(Number);
  if (times.length === 0) return { from: dayStartUs + usualHours.from * hourUs, until: dayStartUs + usualHours.until * hourUs };
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const from = dayStartUs + Math.floor((first - dayStartUs) / hourUs) * hourUs;
  const until = dayStartUs + Math.ceil((last - dayStartUs) / hourUs) * hourUs;
  return { from, until: Math.max(until, from + hourUs) };
}

// In percent of the span; what lies outside stands at its edge.
export function share(span: Span, us: bigint | number): number {
  const at = ((Number(us) - span.from) / (span.until - span.from)) * 100;
  return Math.min(100, Math.max(0, at));
}

export const within = (span: Span, us: number) => us >= span.from && us <= span.until;

// The marks of the axis: as fine as they stay readable at this magnification.
export function ticksOf(span: Span, zoom: number): number[] {
  const hours = (span.until - span.from) / hourUs;
  const step = (stepsHours.find((one) => hours / one <= 13 * zoom) ?? 6) * hourUs;
  const ticks: number[] = [];
  for (let at = span.from; at <= span.until; at += step) ticks.push(at);
  return ticks;
}

export const timeAt = (span: Span, left: number, width: number, x: number) =>
  span.from + (Math.min(Math.max(x - left, 0), width) / Math.max(1, width)) * (span.until - span.from);

// Before which stop a point in time falls, counted without the stop that is moved; what is done stays in front.
export function dropPosition(visits: Visited[], atUs: number, moving: string): number {
  const rest = visits.filter((one) => one.stop !== moving);
  const frozen = rest.filter((one) => one.done).length;
  const passed = rest.filter((one) => (Number(one.startUs) + Number(one.departureUs)) / 2 < atUs).length;
  return Math.max(frozen, passed);
}

// Where the gap lies that a position means, for the mark that shows it.
export function gapAt(run: Timed, position: number, moving: string): number {
  const rest = run.visits.filter((one) => one.stop !== moving);
  const before = rest[position - 1];
  const after = rest[position];
  if (before && after) return (Number(before.departureUs) + Number(after.arrivalUs)) / 2;
  if (before) return Number(before.departureUs);
  if (after) return Number(after.arrivalUs);
  return Number(run.beginUs || run.shiftFromUs);
}
