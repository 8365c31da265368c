import { create } from "@bufbuild/protobuf";
import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import { blockKind, canMove, modelOf, worstFirst } from "../src/desks/dispatch/dayModel";
import { fitted, lengthText, nearest, panned, project, scaleBar } from "../src/desks/dispatch/projection";
import { dropPosition, gapAt, hourUs, share, spanOf, ticksOf, timeAt, within } from "../src/desks/dispatch/timeScale";
import { costText, dayBeside, difference, isDay, lateText, minutesOf, withNames } from "../src/desks/dispatch/words";
import { DayViewSchema, StopViewSchema } from "../src/gen/kal/dispatch/v1/runs_pb";
import en from "../src/texts/office.en.json";
import zh from "../src/texts/office.zh.json";

const midnight = Date.UTC(2026, 9, 11, 16) * 1000;
const at = (hours: number) => BigInt(midnight + Math.round(hours * hourUs));
const visit = (stop: string, start: number, done = false) => ({
  stop,
  arrivalUs: at(start),
  startUs: at(start),
  departureUs: at(start + 0.1),
  done,
});
const run = (...visits: ReturnType<typeof visit>[]) => ({ shiftFromUs: at(8), shiftUntilUs: at(20), beginUs: 0n, endUs: 0n, visits });

describe("the time of a day", () => {
  it("holds every shift and every visit in whole hours", () => {
    expect(spanOf([run(visit("a", 7.4), visit("b", 20.2))], midnight)).toEqual({ from: Number(at(7)), until: Number(at(21)) });
    expect(spanOf([], midnight)).toEqual({ from: Number(at(8)), until: Number(at(20)) });
    // A zone of half hours: whole hours of its own day.
    const half = midnight + hourUs / 2;
    expect((spanOf([run()], half).from - half) % hourUs).toBe(0);
  });

  it("stands in percent, and what lies outside at the edge", () => {
    const span = { from: Number(at(8)), until: Number(at(18)) };
    expect(share(span, at(13))).toBe(50);
    expect(share(span, at(7))).toBe(0);
    expect(share(span, at(30))).toBe(100);
    expect(within(span, Number(at(7)))).toBe(false);
    expect(timeAt(span, 100, 1000, 600)).toBe(Number(at(13)));
    expect(timeAt(span, 100, 1000, 20)).toBe(span.from);
  });

  it("has marks that become finer as it is magnified, never too many", () => {
    const span = { from: Number(at(8)), until: Number(at(20)) };
    expect(ticksOf(span, 1)).toHaveLength(13);
    expect(ticksOf(span, 2)).toHaveLength(25);
    expect(ticksOf(span, 4)).toHaveLength(49);
    expect(ticksOf({ from: Number(at(0)), until: Number(at(24)) }, 1).length).toBeLessThanOrEqual(14);
  });
});

describe("a dropped stop", () => {
  const visits = [visit("a", 9, true), visit("b", 10), visit("c", 11)];

  it("goes before the first stop that is served later", () => {
    expect(dropPosition(visits, Number(at(10.5)), "x")).toBe(2);
    expect(dropPosition(visits, Number(at(18)), "x")).toBe(3);
    expect(dropPosition([], Number(at(18)), "x")).toBe(0);
  });

  it("never goes before what is done", () => {
    expect(dropPosition(visits, Number(at(8)), "x")).toBe(1);
  });

  it("is not counted itself when it moves within its run", () => {
    expect(dropPosition(visits, Number(at(10.5)), "b")).toBe(1);
    expect(dropPosition(visits, Number(at(18)), "b")).toBe(2);
  });

  it("is shown in the gap it would come into", () => {
    expect(gapAt(run(...visits), 2, "x")).toBeCloseTo((Number(at(10.1)) + Number(at(11))) / 2, -3);
    expect(gapAt(run(...visits), 3, "x")).toBe(Number(at(11.1)));
    expect(gapAt(run(visit("b", 10)), 0, "x")).toBe(Number(at(10)));
    expect(gapAt(run(), 0, "x")).toBe(Number(at(8)));
  });
});

describe("the map", () => {
  const places = [
    { longitudeE5: 12_147_000, latitudeE5: 3_123_000 },
    { longitudeE5: 12_157_000, latitudeE5: 3_133_000 },
  ];

  it("shows every place, north up, with room around", () => {
    const view = fitted(places, 600, 400);
    const [first, second] = places.map((place) => project(place, view, 600, 400));
    expect(first?.x).toBeLessThan(second?.x ?? 0);
    expect(first?.y).toBeGreaterThan(second?.y ?? 0);
    for (const point of [first, second]) {
      expect(point?.x).toBeGreaterThanOrEqual(29);
      expect(point?.x).toBeLessThanOrEqual(571);
      expect(point?.y).toBeGreaterThanOrEqual(29);
      expect(point?.y).toBeLessThanOrEqual(371);
    }
  });

  it("keeps a degree of longitude shorter than one of latitude", () => {
    const view = { centre: { longitudeE5: 0, latitudeE5: 6_000_000 }, pixelsPerMetre: 0.001 };
    const east = project({ longitudeE5: 100_000, latitudeE5: 6_000_000 }, view, 0, 0).x;
    const north = -project({ longitudeE5: 0, latitudeE5: 6_100_000 }, view, 0, 0).y;
    expect(east / north).toBeCloseTo(0.5, 2);
  });

  it("does not fall into one point, and stands still without places", () => {
    const view = fitted([places[0] as (typeof places)[0]], 600, 400);
    expect(view.pixelsPerMetre).toBeLessThanOrEqual(1.4);
    expect(Number.isFinite(fitted([], 600, 400).pixelsPerMetre)).toBe(true);
  });

  it("follows the hand", () => {
    const view = fitted(places, 600, 400);
    const before = project(places[0] as (typeof places)[0], view, 600, 400);
    const after = project(places[0] as (typeof places)[0], panned(view, 40, -25), 600, 400);
    expect(after.x - before.x).toBeCloseTo(40, 0);
    expect(after.y - before.y).toBeCloseTo(-25, 0);
  });

  it("has a scale of round length", () => {
    const bar = scaleBar({ centre: places[0] as (typeof places)[0], pixelsPerMetre: 0.05 }, 140);
    expect(bar).toEqual({ metres: 2000, pixels: 100 });
    expect(lengthText(2000)).toBe("2 km");
    expect(lengthText(500)).toBe("500 m");
  });

  it("finds what lies under the pointer, and nothing far away", () => {
    const points = [
      { x: 10, y: 10, stop: "a" },
      { x: 20, y: 10, stop: "b" },
    ];
    expect(nearest(points, 17, 10, 12)?.stop).toBe("b");
    expect(nearest(points, 60, 10, 12)).toBeUndefined();
  });
});

// The words as the page says them, without the page.
function speak(texts: Record<string, unknown>): TFunction {
  const find = (key: string) =>
    key.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], texts);
  return ((key: string, figures: Record<string, unknown> = {}) => {
    if (key === "list.comma") return ", ";
    const text = find(key) ?? find(`${key}_${figures.count === 1 ? "one" : "other"}`) ?? key;
    return String(text).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(figures[name]));
  }) as unknown as TFunction;
}

describe("a place's cost in words", () => {
  it("says time, way and lateness with their signs", () => {
    expect(costText(speak(en), { seconds: 420n, metres: 1_234n, lateParcels: 1 })).toBe("+7 min, +1.2 km, 1 parcel late");
    expect(costText(speak(en), { seconds: -90n, metres: -300n, lateParcels: -2 })).toBe("−2 min, −0.3 km, 2 parcels fewer late");
    expect(costText(speak(en), { seconds: 0n, metres: 12n, lateParcels: 0 })).toBe("±0 min, ±0.0 km");
    expect(costText(speak(zh), { seconds: 420n, metres: 1_234n, lateParcels: 3 })).toBe("+7 分钟, +1.2 公里, 3 件超时");
  });

  it("rounds half minutes away from zero, as the server does", () => {
    expect([29, 30, -30, -29, 90].map(minutesOf)).toEqual([0, 1, -1, 0, 2]);
  });

  it("compares two places", () => {
    expect(difference({ seconds: 10n, metres: 5n, lateParcels: 1 }, { seconds: 4n, metres: 9n, lateParcels: 0 })).toEqual({
      seconds: 6n,
      metres: -4n,
      lateParcels: 1,
    });
  });

  it("never says that what is late is late by nothing", () => {
    expect(lateText(speak(en), 5n)).toBe("1 min");
    expect(lateText(speak(en), 3_700n)).toBe("1 h 2 min");
    expect(lateText(speak(zh), 60n)).toBe("1 分钟");
  });

  it("names couriers in the server's sentence", () => {
    const names = new Map([
      ["c-1", "Li"],
      ["c-12", "Wang"],
    ]);
    expect(withNames("Third; with c-12 it would cost 3 minutes; with c-1 one.", names)).toBe(
      "Third; with Wang it would cost 3 minutes; with Li one.",
    );
  });
});

describe("a day", () => {
  it("is written as the server reads it", () => {
    expect(["2026-10-12", "2026-2-1", "2026-02-30", "", "x"].map(isDay)).toEqual([true, false, false, false, false]);
    expect(dayBeside("2026-10-31", 1)).toBe("2026-11-01");
    expect(dayBeside("2026-03-01", -1)).toBe("2026-02-28");
  });

  const view = create(DayViewSchema, {
    stops: [
      { stop: "a", kind: "delivery", state: "open" },
      { stop: "b", kind: "pickup", state: "done" },
      { stop: "c", kind: "pickup", state: "open" },
    ],
    runs: [{ courier: "c-1", visits: [{ stop: "b", done: true }, { stop: "a" }] }],
    unassigned: [{ stop: "c", why: "no_room" }],
  });
  const model = modelOf(view, new Map([["c-1", "Li"]]));

  it("knows where each stop stands and what can be moved", () => {
    expect(model.placeOf.get("a")?.position).toBe(1);
    expect(model.nameOf.get("c-1")).toBe("Li");
    expect(model.done).toBe(1);
    expect(["a", "b", "c", "nothing"].map((stop) => canMove(model, stop))).toEqual([true, false, true, false]);
  });

  it("lists what is due soonest first, and what nobody waits for last", () => {
    const stops = [{ stop: "a" }, { stop: "b", untilUs: 30n, promisedUs: 50n }, { stop: "c", promisedUs: 20n }];
    const unassigned = stops.map(({ stop }) => ({ stop, why: "no_room" }));
    expect(worstFirst(create(DayViewSchema, { stops, unassigned })).map((one) => one.stop)).toEqual(["c", "b", "a"]);
  });

  it("shows lateness before kind, and what is over before lateness", () => {
    const pickup = create(StopViewSchema, { kind: "pickup", state: "open" });
    expect(blockKind(pickup, { done: false, lateSeconds: 0n })).toBe("pickup");
    expect(blockKind(pickup, { done: false, lateSeconds: 5n })).toBe("late");
    expect(blockKind(pickup, { done: true, lateSeconds: 5n })).toBe("done");
    expect(blockKind(create(StopViewSchema, { kind: "delivery", state: "failed" }), { done: true, lateSeconds: 0n })).toBe("failed");
    expect(blockKind(undefined, { done: false, lateSeconds: 0n })).toBe("delivery");
  });
});

// Every code the planning or a run sheet is refused with, and every reason for being in no run, has words.
describe("codes of the dispatch", async () => {
  const { readdirSync, readFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  const folder = (name: string) => {
    const root = join(import.meta.dirname, "../../Dispatch", name);
    return readdirSync(root)
      .map((file) => readFileSync(join(root, file), "utf8"))
      .join("\n");
  };
  const snake = (member: string) => member.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase();
  const members = (text: string, name: string) =>
    [...(new RegExp(`enum ${name}\\s*\\{([^}]*)`).exec(text)?.[1] ?? "").matchAll(/^\s+(\w+) = \d+,$/gm)].map((hit) => snake(hit[1] ?? ""));
  const [planning, sheets] = [folder("Runs"), folder("RunSheets")];

  it("have words", () => {
    const refused = [
      ...[...planning.matchAll(/Code = "([a-z_]+)"/g)].map((hit) => hit[1] ?? ""),
      ...[...sheets.matchAll(/Refuse\("([a-z_]+)"/g)].map((hit) => hit[1] ?? ""),
      ...members(sheets, "SheetRefusalReason"),
    ];
    expect(refused.length).toBeGreaterThan(15);
    expect(refused.filter((code) => !(code in en.refused))).toEqual([]);
    const reasons = members(planning, "UnassignedReason");
    expect(reasons.length).toBe(6);
    expect(reasons.filter((code) => !(`why_${code}` in en.dispatch))).toEqual([]);
  });
});
