import { describe, expect, it } from "vitest";
import { frameLines, grams, hexDump, instant, kilograms, money, showTimesIn, signedKilograms, span, wireText } from "../src/format/figures";

describe("figures", () => {
  it("show milligrams as kilograms, exactly", () => {
    expect(kilograms(2_345_000n)).toBe("2.345");
    expect(kilograms(30_200_000n, 2)).toBe("30.20");
    expect(signedKilograms(-300_000n)).toBe("−0.300");
    expect(signedKilograms(20_000n)).toBe("+0.020");
    expect(grams(10_000n)).toBe("10");
    expect(grams(500n)).toBe("0.5");
  });

  it("show money with its currency's decimals", () => {
    expect(money(1240n, "CNY", "en")).toContain("12.40");
    expect(money(500n, "JPY", "en")).toContain("500");
    expect(money(500n, "JPY", "en")).not.toContain(".");
    expect(money(1n, "nonsense", "en")).toContain("nonsense");
  });

  it("never show an absent instant as 1970", () => {
    expect(instant(0n, "en")).toBe("–");
  });

  it("show spans in their natural unit", () => {
    expect(span(0n, 59_000_000n, "en")).toBe("59 s");
    expect(span(0n, 3_600_000_000n, "en")).toBe("1 h 0 min");
    expect(span(0n, 90_000_000_000n, "en")).toBe("1 d 1 h");
    expect(span(10n, 0n, "en")).toBe("0 s");
    expect(span(0n, 90_000_000_000n, "zh")).toBe("1 天 1 小时");
  });

  it("show device bytes with control characters by name", () => {
    expect(wireText(new Uint8Array([0x02, 0x31, 0x0d, 0x0a, 0xff]))).toBe("‹STX›1‹CR›‹LF›‹ff›");
    expect(hexDump(new TextEncoder().encode("S S     100.00 g\r\n"))).toBe(
      "000000  53 20 53 20 20 20 20 20 31 30 30 2e 30 30 20 67  S S     100.00 g\n000010  0d 0a                                            ··",
    );
  });

  it("show times in the depot's zone, wherever the kiosk's clock stands", () => {
    showTimesIn("Asia/Shanghai");
    expect(instant(1_764_288_000_000_000n, "en")).toBe("28/11/2025, 08:00:00");
    showTimesIn("America/New_York");
    expect(instant(1_764_288_000_000_000n, "en", false)).toBe("19:00:00");
    showTimesIn("No/Such_Place");
    expect(instant(1_764_288_000_000_000n, "en")).toMatch(/2025/);
  });

  it("show frames one a line, long ones broken", () => {
    const lines = frameLines([new TextEncoder().encode("=075.5000"), new TextEncoder().encode("S S     100.00 g\r\n")]).split("\n");
    expect(lines.map((line) => line.slice(0, 5).trim())).toEqual(["#1", "#2", ""]);
    expect(lines[0]).toBe("#1   3d 30 37 35 2e 35 30 30 30                       =075.5000");
    expect(lines[2]?.endsWith("‹CR›‹LF›")).toBe(true);
  });
});
