import { describe, expect, it } from "vitest";
import { clockAt } from "../src/desks/cases/clocks";

const hour = 3_600_000_000n;

describe("a clock of a case", () => {
  it("changes its tone at the marks at which it is escalated: 50, 80, 100", () => {
    const tones = [0n, 49n, 50n, 79n, 80n, 99n, 100n, 300n].map((hours) => clockAt(0n, 100n * hour, hours * hour).tone);
    expect(tones).toEqual(["good", "good", "warn", "warn", "bad", "bad", "over", "over"]);
  });
  it("never shows more than its whole time, and says by how much it is over", () => {
    expect(clockAt(0n, 10n * hour, 12n * hour)).toEqual({ percent: 100, tone: "over", leftUs: -2n * hour });
  });
  it("stands still while it is paused", () => {
    expect(clockAt(0n, 10n * hour, 9n * hour, "paused", 4n * hour)).toEqual({ percent: 40, tone: "off", leftUs: 6n * hour });
  });
  it("that was due before it began is over", () => {
    expect(clockAt(5n, 5n, 6n).tone).toBe("over");
  });
});
