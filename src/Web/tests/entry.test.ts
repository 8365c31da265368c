import { describe, expect, it } from "vitest";
import { fieldPath, instantOf, localOf, milligramsOf, minorOf, sidesOf, typed } from "../src/format/entry";

describe("what people type", () => {
  it("is read exactly, never through a floating-point number", () => {
    expect(milligramsOf("2.345")).toBe(2_345_000n);
    expect(milligramsOf("0,1")).toBe(100_000n);
    expect(minorOf("12.4")).toBe(1240n);
    expect(minorOf("-3.05")).toBe(-305n);
    expect(minorOf("0.10")).toBe(10n);
    expect(minorOf("999999999999.99")).toBe(99_999_999_999_999n);
  });

  it("is no number where it is none, or finer than the unit", () => {
    for (const text of ["", "abc", "1.2.3", "1e3", "--1", "1 000", "12.345"]) expect(minorOf(text), text).toBeUndefined();
    expect(minorOf("12.340")).toBe(1234n);
  });

  it("is written back as it was typed", () => {
    expect(typed(1240n, 2)).toBe("12.40");
    expect(typed(5n, 2)).toBe("0.05");
    expect(typed(-305n, 2)).toBe("-3.05");
    expect(typed(7n, 0)).toBe("7");
  });

  it("gives three sides in millimetres, whatever stands between", () => {
    const sides = { lengthMm: 400, widthMm: 305, heightMm: 20 };
    for (const text of ["40 × 30.5 × 2", "40x30.5x2", "40*30.5*2", "40 30.5 2"]) expect(sidesOf(text), text).toEqual(sides);
    for (const text of ["40 × 30", "40 × 0 × 2", "a × b × c", "1 2 3 4"]) expect(sidesOf(text), text).toBeUndefined();
  });

  it("is a moment of the zone it is typed in, summer time or not", () => {
    expect(instantOf("2026-11-01T08:30", "Asia/Shanghai")).toBe(BigInt(Date.UTC(2026, 10, 1, 0, 30)) * 1000n);
    expect(instantOf("2026-07-01T08:30", "Europe/Berlin")).toBe(BigInt(Date.UTC(2026, 6, 1, 6, 30)) * 1000n);
    expect(instantOf("2026-02-30", "Asia/Shanghai")).toBeUndefined();
    expect(instantOf("tomorrow", "Asia/Shanghai")).toBeUndefined();
    expect(localOf(instantOf("2026-11-01T08:30", "Asia/Shanghai") ?? 0n, "Asia/Shanghai")).toBe("2026-11-01T08:30");
  });

  it("is refused at the field that the server names", () => {
    expect(fieldPath("client_contact")).toEqual(["clientContact"]);
    expect(fieldPath("details.phone")).toEqual(["details", "phone"]);
    expect(fieldPath("site.windows[0].from")).toEqual(["site", "windows", "0", "from"]);
    expect(fieldPath("")).toEqual([]);
  });
});
