import { describe, expect, it } from "vitest";
import { byDay, byHours, hoursShown, weekBars } from "../src/desks/accounts/week";
import { papersOf } from "../src/desks/accounts/words";

const weekdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: "17:00", until: "18:30" }));

describe("pickup windows", () => {
  it("are said by hours and kept by days, both ways alike", () => {
    const windows = [...weekdays, { day: 6, from: "09:00", until: "10:00" }];
    const rows = byHours(windows);
    expect(rows).toEqual([
      { days: [1, 2, 3, 4, 5], from: "17:00", until: "18:30" },
      { days: [6], from: "09:00", until: "10:00" },
    ]);
    expect(byDay(rows)).toEqual(windows);
  });

  it("stand in lanes of their own where they overlap, and share one where they do not", () => {
    const { bars, lanes } = weekBars([
      { code: "A", windows: [{ day: 1, from: "08:00", until: "10:00" }] },
      {
        code: "B",
        windows: [
          { day: 1, from: "09:00", until: "11:00" },
          { day: 1, from: "11:00", until: "12:00" },
        ],
      },
    ]);
    expect(lanes).toBe(2);
    expect(bars.map((bar) => [bar.site, bar.lane])).toEqual([
      ["A", 0],
      ["B", 1],
      ["B", 0],
    ]);
    expect(bars[0]?.left).toBe(0);
    expect(bars[0]?.width).toBeCloseTo(20);
  });

  it("are shown from the working day's hours, and further where they reach further", () => {
    expect(hoursShown([])).toEqual({ first: 8, last: 18 });
    expect(hoursShown([{ day: 1, from: "06:30", until: "21:15" }])).toEqual({ first: 6, last: 22 });
  });
});

describe("the papers of an account (domain.md 4.2)", () => {
  const now = Date.UTC(2026, 10, 1);
  it("are complete with an agreement that holds and an identity", () => {
    expect(papersOf({ hasIdentity: true, agreementUntil: "2027-10-31" }, now)).toEqual([]);
  });
  it("say what is missing, what has lapsed and what ends soon", () => {
    expect(papersOf({ hasIdentity: false, agreementUntil: "" }, now)).toEqual(["no_agreement", "no_identity"]);
    expect(papersOf({ hasIdentity: true, agreementUntil: "2026-10-30" }, now)).toEqual(["agreement_lapsed"]);
    expect(papersOf({ hasIdentity: true, agreementUntil: "2026-11-20" }, now)).toEqual(["agreement_ends"]);
  });
});
