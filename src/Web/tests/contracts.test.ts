import { describe, expect, it } from "vitest";
import { bands } from "../src/desks/contracts/bands";
import { clausesOf, datedRows, heldOn, placeFits, priceRows, readDocument, zoneRows } from "../src/desks/contracts/document";
import { dayBeside, pagesOf } from "../src/desks/contracts/obligations";

const document = readDocument(`
contract: KA-1
currency: CNY
tariff:
  - id: T-1
    zones: {by: lane, rows: [{from: "31*", to: "32*", zone: delta}, {from: "*", to: "*", zone: country}]}
    rates:
      - {zones: [delta], first: {to: 1 kg, price: 5.00}, further: {step: 0.5 kg, tier_read_on: total, price: 0.60}}
      - {first: {to: 1 kg, price: 8.10}, further: {step: 0.5 kg, tier_read_on: total, tiers: [{to: 10 kg, price: 1.00}, {price: 0.90}]}}
  - id: T-2
    rates:
      - brackets: [{to: 3 kg, price: 9.00, per_kg: 0.00, per_kg_on: total}, {price: 0.00, per_kg: 2.50, per_kg_on: total}]
surcharges:
  - {id: F-1, fuel: {at: acceptance, rows: [{from: 2026-01-01, percent: 3}, {from: 2026-07-01, percent: 4}]}}
  - {id: F-3, per_piece: 0.50, from: 2026-11-01, until: 2026-11-20}
weight: {id: W-2, absolute: 0 g, percent: 0}
`);
const clause = (id: string) => clausesOf(document).get(id)?.body ?? {};

describe("a contract's document", () => {
  it("keeps every figure as the text that was signed", () => {
    expect(priceRows(clause("T-1"))[0]).toMatchObject({ zones: ["delta"], part: "first", to: "1 kg", price: "5.00" });
  });

  it("gives its clauses with the heading they stand under", () => {
    expect([...clausesOf(document).values()].map((one) => `${one.section} ${one.id}`)).toEqual([
      "tariff T-1",
      "tariff T-2",
      "surcharges F-1",
      "surcharges F-3",
      "weight W-2",
    ]);
  });

  it("gives prices in the order of the bill: first, further, tiers, brackets", () => {
    expect(priceRows(clause("T-1")).map((row) => [row.zones.join(), row.part, row.from, row.to, row.price])).toEqual([
      ["delta", "first", "", "1 kg", "5.00"],
      ["delta", "further", "", "", "0.60"],
      ["", "first", "", "1 kg", "8.10"],
      ["", "tier", "", "10 kg", "1.00"],
      ["", "tier", "10 kg", "", "0.90"],
    ]);
    expect(priceRows(clause("T-2")).map((row) => [row.part, row.from, row.to, row.price, row.perKg])).toEqual([
      ["bracket", "", "3 kg", "9.00", ""],
      ["open_bracket", "3 kg", "", "", "2.50"],
    ]);
  });

  it("gives zones as one table, and a place finds its rows", () => {
    const { by, rows } = zoneRows(clause("T-1"));
    expect(by).toBe("lane");
    expect(rows).toHaveLength(2);
    expect(placeFits("31*", "310115")).toBe(true);
    expect(placeFits("31*", "320115")).toBe(false);
    expect(placeFits("*", "320115")).toBe(false);
    expect(placeFits("200000-201999", "200120")).toBe(true);
    expect(placeFits("east: 31*, 32*", "320500")).toBe(true);
    expect(placeFits("31*", "")).toBe(true);
  });

  it("says which row of a dated table holds today, and whether a surcharge does", () => {
    expect(datedRows(clause("F-1"), "2026-08-01").map((row) => [row.percent, row.now, row.past])).toEqual([
      ["3", false, true],
      ["4", true, false],
    ]);
    expect(datedRows(clause("F-1"), "2025-08-01").some((row) => row.now)).toBe(false);
    expect(["2026-10-31", "2026-11-01", "2026-11-20", "2026-11-21"].map((date) => heldOn(clause("F-3"), date))).toEqual([
      "before",
      "now",
      "now",
      "after",
    ]);
  });

  it("is empty, not broken, where there is none", () => {
    expect(readDocument("")).toEqual({});
    expect(readDocument("- a list")).toEqual({});
  });
});

describe("versions in time", () => {
  const us = (date: string) => BigInt(Date.parse(date)) * 1000n;
  const now = Date.parse("2026-09-01T00:00:00Z");
  it("stand where their dates are, the open one reaching the end", () => {
    const { rows, nowAt } = bands(
      [
        { version: 2, effectiveFromUs: us("2026-07-01"), effectiveUntilUs: 0n },
        { version: 1, effectiveFromUs: us("2026-01-01"), effectiveUntilUs: us("2026-07-01") },
      ],
      now,
    );
    expect(rows.map((row) => row.version.version)).toEqual([1, 2]);
    expect(rows[0]?.left).toBe(0);
    expect((rows[0]?.left ?? 0) + (rows[0]?.width ?? 0)).toBeCloseTo(rows[1]?.left ?? 0);
    expect((rows[1]?.left ?? 0) + (rows[1]?.width ?? 0)).toBeCloseTo(100);
    expect(nowAt).toBeGreaterThan(rows[1]?.left ?? 100);
  });
  it("without any date begin today", () => {
    const { rows, nowAt } = bands([{ version: 1, effectiveFromUs: 0n, effectiveUntilUs: 0n }], now);
    expect(rows[0]?.left).toBe(nowAt);
  });
});

describe("obligations", () => {
  it("come one list after the other, each in its own pages", async () => {
    const lists: Record<string, string[][]> = { overdue: [], open: [["a"], ["b"]], met: [["c"]] };
    const ask = async (list: string, token: string) => {
      const pages = lists[list] ?? [];
      const at = Number(token || "0");
      return { rows: pages[at] ?? [], next: at + 1 < pages.length ? String(at + 1) : "" };
    };
    const first = await pagesOf(["overdue", "open", "met"], "", ask);
    expect(first).toEqual({ rows: ["a"], next: "1|1" });
    expect(await pagesOf(["overdue", "open", "met"], first.next, ask)).toEqual({ rows: ["b", "c"], next: "" });
    expect(dayBeside("2026-03-01", -1)).toBe("2026-02-28");
  });
});
