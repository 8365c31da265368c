// Pickup windows of a week, as a grid shows them and as a person edits them.
export interface Window {
  day: number;
  from: string;
  until: string;
}

export interface Bar {
  day: number;
  site: string;
  from: string;
  until: string;
  left: number;
  width: number;
  lane: number;
}

export const minutesOf = (time: string) => {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
};

// The hours that a grid must show: whole ones, at least 08:00 to 18:00.
export function hoursShown(windows: Window[]): { first: number; last: number } {
  const first = Math.min(8, ...windows.map((one) => Math.floor(minutesOf(one.from) / 60)));
  const last = Math.max(18, ...windows.map((one) => Math.ceil(minutesOf(one.until) / 60)));
  return { first, last };
}

// Where each window stands, in percent of the hours shown; windows of one day that overlap get lanes of their own.
export function weekBars(sites: { code: string; windows: Window[] }[]): { bars: Bar[]; lanes: number; first: number; last: number } {
  const { first, last } = hoursShown(sites.flatMap((site) => site.windows));
  const whole = (last - first) * 60;
  const bars: Bar[] = [];
  const ends = new Map<number, number[]>();
  const all = sites
    .flatMap((site) => site.windows.map((one) => ({ ...one, site: site.code })))
    .sort((a, b) => a.day - b.day || minutesOf(a.from) - minutesOf(b.from));
  for (const one of all) {
    const taken = ends.get(one.day) ?? [];
    const from = minutesOf(one.from);
    let lane = taken.findIndex((end) => end <= from);
    if (lane < 0) lane = taken.length;
    taken[lane] = minutesOf(one.until);
    ends.set(one.day, taken);
    bars.push({ ...one, lane, left: ((from - first * 60) / whole) * 100, width: ((minutesOf(one.until) - from) / whole) * 100 });
  }
  return { bars, lanes: Math.max(1, ...[...ends.values()].map((taken) => taken.length)), first, last };
}

// One row a span of hours, with the days on which it holds: how people say it.
export function byHours(windows: Window[]): { days: number[]; from: string; until: string }[] {
  const rows = new Map<string, { days: number[]; from: string; until: string }>();
  for (const one of [...windows].sort((a, b) => a.day - b.day)) {
    const key = `${one.from}-${one.until}`;
    const row = rows.get(key) ?? { days: [], from: one.from, until: one.until };
    row.days.push(one.day);
    rows.set(key, row);
  }
  return [...rows.values()];
}

export const byDay = (rows: { days: number[]; from: string; until: string }[]): Window[] =>
  rows.flatMap((row) => row.days.map((day) => ({ day, from: row.from, until: row.until }))).sort((a, b) => a.day - b.day);
