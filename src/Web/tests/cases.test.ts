import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clockAt } from "../src/desks/cases/clocks";
import { playbook, playbookAt, sevenSteps, stepsDone } from "../src/desks/cases/steps";
import zh from "../src/texts/office.zh.json";

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

describe("a complaint's seven steps", () => {
  it("are done up to its stage, and a proposed remedy is not done yet", () => {
    expect(["received", ...sevenSteps].map(stepsDone)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(stepsDone("proposed")).toBe(5);
  });
});

describe("the playbook of a slipping account", () => {
  it("goes from watching to the cause, and a plan that waits for a second person is not followed up yet", () => {
    expect(playbook.map(playbookAt)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(playbookAt("proposed")).toBe(4);
    const words = zh as unknown as Record<string, object>;
    for (const group of ["case_stage", "case_playbook", "case_playbook_means"])
      expect(playbook.filter((stage) => !(stage in (words[group] ?? {})))).toEqual([]);
  });
});

// A code without words would stand on the page as it is.
describe("the kinds of case", () => {
  const root = join(import.meta.dirname, "../..", "Cases");
  const source = ["Kinds/CaseKinds.cs", "Complaints/ComplaintKind.cs", "Claims/ClaimKind.cs", "Regress/RegressKind.cs"]
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  const all = (pattern: RegExp) => [...source.matchAll(pattern)].map((hit) => hit[1] ?? "");
  const listed = (name: string) =>
    all(new RegExp(`${name} =>?\\s*\\[([^\\]]*)\\]`, "g")).flatMap((codes) => [...codes.matchAll(/"(\w+)"/g)].map((hit) => hit[1] ?? ""));
  it.each([
    ["case_kind", all(/Name = "(\w+)", Prefix/g)],
    ["case_step", all(/new StepRule\("(\w+)"/g)],
    ["clock_name", all(/new ClockRule\("(\w+)"/g)],
    ["outcome", all(/new OutcomeRule\("(\w+)"/g)],
    ["outcome_means", all(/new OutcomeRule\("(\w+)"/g)],
    ["case_reason", ["Reasons", "OpenReasons", "ReopenReasons", "DecideReasons", "PauseReasons", "PromiseKinds", "Causes"].flatMap(listed)],
  ])("have words for every code of %s", (group, codes) => {
    expect(codes.length).toBeGreaterThan(3);
    const words: object = (zh as unknown as Record<string, object>)[group] ?? {};
    expect(codes.filter((code) => !(code in words))).toEqual([]);
  });
});
