import { describe, expect, it } from "vitest";
import { type BillLine, compareCharges } from "../src/desks/prices/billDiff";
import { emptyQuestion, shipmentOf } from "../src/desks/prices/question";
import { readTrace } from "../src/desks/prices/trace";

const line = (clause: string, kind: string, minor: bigint): BillLine => ({ clause, kind, minor, textZh: "", textEn: "" });

describe("two bills of one shipment", () => {
  it("are compared line by line, and the differences add up", () => {
    const first = [line("T-1", "freight", 800n), line("F-1", "surcharge", 32n)];
    const second = [line("T-1", "freight", 1100n), line("F-4", "surcharge", 1500n), line("F-1", "surcharge", 44n)];
    const rows = compareCharges(first, second);
    expect(rows.map((row) => [row.clause, row.first, row.second, row.difference])).toEqual([
      ["T-1", 800n, 1100n, 300n],
      ["F-4", undefined, 1500n, 1500n],
      ["F-1", 32n, 44n, 12n],
    ]);
    const sum = (lines: BillLine[]) => lines.reduce((all, one) => all + one.minor, 0n);
    expect(rows.reduce((all, row) => all + row.difference, 0n)).toBe(sum(second) - sum(first));
  });

  it("keep a line that has gone, and pair the second line of a clause with the second", () => {
    const rows = compareCharges(
      [line("T-1", "freight", 1n), line("T-1", "freight", 2n), line("C-1", "cod", 300n)],
      [line("T-1", "freight", 1n), line("T-1", "freight", 5n)],
    );
    expect(rows.map((row) => row.difference)).toEqual([0n, 3n, -300n]);
    expect(rows[2]?.second).toBeUndefined();
  });
});

describe("a trace", () => {
  const json = JSON.stringify({
    trace: 1,
    steps: [
      { step: "zone", clause: "T-1", by: "lane", row: "31* > 33*", zone: "delta" },
      {
        step: "weigh",
        piece: 0,
        count: 1,
        actual: 2345000,
        volume: 24000000,
        divisor: 12000,
        bills: 2500000,
        first: 1000000,
        round: "ceil_step",
        round_by: 500000,
      },
    ],
  });
  it("gives actual, volumetric and chargeable weight (domain.md 4.5: 40×30×20 cm over 12000 is 2 kg)", () => {
    const { weighed, zone } = readTrace(json);
    expect(weighed[0]).toMatchObject({ actualMg: 2_345_000n, volumeMg: 2_000_000n, largerMg: 2_345_000n, billsMg: 2_500_000n });
    expect(zone?.zone).toBe("delta");
  });
  it("that is none says nothing instead of a zero", () => {
    expect(readTrace("")).toEqual({ weighed: [], zone: undefined });
    expect(readTrace("{")).toEqual({ weighed: [], zone: undefined });
  });
});

describe("the question", () => {
  const asked = { ...emptyQuestion, account: "A", service: "standard", from: "31", to: "33", weight: "2.345" };
  it("becomes a shipment in whole numbers", () => {
    const read = shipmentOf({ ...asked, sides: "40 30 20", value: "500", marks: "pre_sorted, sunday" }, "Asia/Shanghai", 7n);
    expect("shipment" in read && read.shipment).toMatchObject({
      acceptedAtUs: 7n,
      pieces: [{ weightMg: 2_345_000n, lengthMm: 400 }],
      declaredValueMinor: 50_000n,
      codMinor: 0n,
      marks: ["pre_sorted", "sunday"],
    });
  });
  it("names every field in which nothing usable stands", () => {
    const read = shipmentOf({ ...asked, weight: "0", to: "", cod: "much" }, "Asia/Shanghai", 7n);
    expect("wrong" in read && read.wrong.sort()).toEqual(["cod", "to", "weight"]);
  });
  it("tells a declared value of zero from none", () => {
    const read = shipmentOf({ ...asked, value: "0" }, "Asia/Shanghai", 7n);
    expect("shipment" in read && read.shipment).toMatchObject({ declaredValueMinor: 0n });
    const none = shipmentOf(asked, "Asia/Shanghai", 7n);
    expect("shipment" in none && none.shipment).toMatchObject({ declaredValueMinor: -1n });
  });
});
