import { create } from "@bufbuild/protobuf";
import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import { answerOf, burnDown, failuresByDay, pressing, stateOf, usedPercent } from "../src/desks/levels/budget";
import { apart, compare, fixed, minus, quotient, shifted, thousands, trimmed } from "../src/desks/levels/decimal";
import { limitsOf, monthsOf, shadeOf, weeksOf, within } from "../src/desks/levels/heat";
import { forgetMembers, membersOf, remember } from "../src/desks/levels/members";
import { dayName, daysBetween, isMonth, monthBeside, monthDays, monthName, monthOf, monthsBack } from "../src/desks/levels/period";
import { evidenceLines, subjectOf, whyWarned } from "../src/desks/levels/warned";
import {
  behindPath,
  budgetSentence,
  counted,
  evidenceText,
  figureName,
  figureText,
  missedOf,
  restatedText,
  scoreText,
  shareText,
  valueText,
  whyText,
  whyWithout,
} from "../src/desks/levels/words";
import { BudgetSchema, WarningSubjectSchema } from "../src/gen/kal/levels/v1/scorecards_pb";
import en from "../src/texts/office.en.json";
import zh from "../src/texts/office.zh.json";

// The texts themselves, looked up and filled in as the library does.
const speaking = (texts: object) =>
  ((key: string, more: Record<string, unknown> = {}) => {
    const found = key.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], texts);
    const text = typeof found === "string" ? found : String(more.defaultValue ?? key);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(more[name]));
  }) as unknown as TFunction;
const english = speaking({ ...en, list: { comma: ", " } });
const chinese = speaking({ ...zh, list: { comma: "、" } });

describe("decimal text", () => {
  it("is rounded half away from zero, as written and not as a double has it", () => {
    expect(fixed("82.0863", 2)).toBe("82.09");
    expect(fixed("1.005", 2)).toBe("1.01");
    expect(fixed("-1.005", 2)).toBe("-1.01");
    expect(fixed("0.125", 2)).toBe("0.13");
    expect(fixed("100", 2)).toBe("100.00");
    expect(fixed("no number", 2)).toBe("no number");
    expect(fixed("123456789012345678901234567890.125", 2)).toBe("123456789012345678901234567890.13");
  });

  it("is moved, compared, subtracted and divided exactly", () => {
    expect(shifted("0.952996", 2)).toBe("95.2996");
    expect(shifted("0.0000833333", 6)).toBe("83.3333");
    expect(shifted("1", 2)).toBe("100");
    expect(shifted("1250000", -2)).toBe("12500.00");
    expect(compare("0.1", "0.10")).toBe(0);
    expect(compare("89.9999", "90")).toBe(-1);
    expect(compare("x", "1")).toBeUndefined();
    expect(minus("860000.00", "851400")).toBe("8600");
    expect(quotient("1", "12000", 6, 4)).toBe("83.3333");
    expect(quotient("11293", "11850", 2, 4)).toBe("95.2996");
    expect(quotient("1", "0", 2, 2)).toBeUndefined();
    expect(trimmed("47.600")).toBe("47.6");
    expect(trimmed("1200")).toBe("1200");
    expect(thousands("1234567.50")).toBe("1,234,567.50");
    expect(thousands("-557")).toBe("-557");
  });

  it("is never shown on the other side of a mark", () => {
    expect(apart("96.9996", 2, ["97"])).toBe("96.9996");
    expect(apart("97", 2, ["97"])).toBe("97.00");
    expect(scoreText("89.9999")).toBe("89.9999");
    expect(scoreText("99.9960")).toBe("99.996");
    expect(scoreText("82.0863")).toBe("82.09");
  });
});

describe("periods", () => {
  it("are months with their own length, across years", () => {
    expect(monthDays("2026-02")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(monthDays("2028-02").to).toBe("2028-02-29");
    expect(monthBeside("2026-12", 1)).toBe("2027-01");
    expect(monthBeside("2026-01", -2)).toBe("2025-11");
    expect(monthsBack("2026-02", 3)).toEqual(["2026-02", "2026-01", "2025-12"]);
    expect(isMonth("2026-13")).toBe(false);
    expect(isMonth("2026-10")).toBe(true);
    expect(daysBetween("2026-02-27", "2026-03-02")).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
  });

  it("are named in both languages", () => {
    expect(monthName("2026-10", "en")).toBe("October 2026");
    expect(monthName("2026-10", "zh")).toBe("2026年10月");
    expect(dayName("2026-10-19", "en")).toBe("19 October");
    expect(dayName("2026-10-19", "zh")).toBe("10月19日");
  });
});

const budget = (more: object = {}) =>
  create(BudgetSchema, {
    indicator: "T2",
    target: "97",
    expected: 12000n,
    allowed: 355n,
    failed: 332n,
    left: 23n,
    hasForecast: true,
    forecastFailures: 340n,
    forecastLow: 334n,
    forecastHigh: 350n,
    ...more,
  });

describe("a budget", () => {
  it("says how it will end, the worst first", () => {
    expect(stateOf(budget())).toBe("kept");
    expect(stateOf(budget({ forecastHigh: 360n }))).toBe("uncertain");
    expect(stateOf(budget({ goneOn: "2026-10-19" }))).toBe("gone_on");
    expect(stateOf(budget({ forecastFailures: 400n, forecastHigh: 430n, goneOn: "2026-10-19" }))).toBe("probably_missed");
    expect(stateOf(budget({ failed: 355n, left: 0n, forecastHigh: 360n }))).toBe("used_up");
    expect(stateOf(budget({ failed: 400n, left: -45n }))).toBe("overspent");
    expect(stateOf(budget({ expected: 0n, allowed: 0n, failed: 0n, left: 0n }))).toBe("unknown");
  });

  it("promises nothing without a forecast", () => {
    const none = budget({ hasForecast: false, forecastFailures: 0n, forecastLow: 0n, forecastHigh: 0n });
    expect(stateOf(none)).toBe("unknown");
    expect(answerOf([none])).toBe("unknown");
    // In the middle of a month of which nothing more is expected, days enough are no forecast either.
    const days = [1, 2, 3, 4, 5, 6].map((day) => ({ day: `2026-10-0${day}`, numerator: 90n, denominator: 100n }));
    expect(stateOf({ ...none, expected: 600n, days: budget({ days }).days })).toBe("unknown");
    expect(burnDown({ ...none, days: budget({ days }).days }, "2026-10-01", "2026-10-31", false).forecast).toBeUndefined();
    // A period that is over has ended so, whatever its length.
    expect(stateOf(budget({ expected: 400n, forecastFailures: 332n, forecastLow: 332n, forecastHigh: 332n }))).toBe("kept");
    expect(answerOf([])).toBe("unknown");
    expect(answerOf([none, budget(), budget({ failed: 400n, left: -45n })])).toBe("overspent");
  });

  it("is sorted by what presses, and says how much is used", () => {
    const sorted = pressing([
      budget(),
      budget({ indicator: "Q1", failed: 3n, allowed: 2n, left: -1n }),
      budget({ indicator: "T3", goneOn: "2026-10-19" }),
    ]);
    expect(sorted.map((one) => one.indicator)).toEqual(["Q1", "T3", "T2"]);
    expect(usedPercent(budget())).toBe(93.5);
    expect(usedPercent(budget({ allowed: 0n, failed: 1n }))).toBe(100);
    expect(usedPercent(budget({ allowed: 0n, failed: 0n }))).toBe(0);
  });

  it("is said in one sentence", () => {
    expect(budgetSentence(english, budget({ goneOn: "2026-10-19" }), "en")).toBe(
      "23 late parcels left; at this week's pace gone on 19 October",
    );
    expect(budgetSentence(chinese, budget({ goneOn: "2026-10-19" }), "zh")).toBe("还可容 23 件晚投；按本周速度将于 10月19日用尽");
    expect(budgetSentence(english, budget({ left: 1n }), "en")).toBe("1 late parcel left; at this week's pace it lasts");
    expect(budgetSentence(english, budget({ failed: 1589n, left: -1234n }), "en")).toBe("overspent by 1,234 late parcels");
    expect(budgetSentence(english, budget({ forecastFailures: 400n, forecastHigh: 430n }), "en")).toContain("forecast 400 of 355 allowed");
    expect(budgetSentence(english, budget({ forecastHigh: 360n }), "en")).toContain("up to 360 of 355 allowed");
    expect(budgetSentence(english, budget({ indicator: "X9" }), "en")).toContain("23 failures left");
  });

  const days = [
    { day: "2026-10-01", numerator: 8n, denominator: 10n },
    { day: "2026-10-03", numerator: 9n, denominator: 10n },
  ];

  it("reads its days by what adds up, and by the direction where both do", () => {
    expect(failuresByDay(budget({ failed: 3n, days }), true).map((day) => day.failed)).toEqual([2n, 1n]);
    expect(failuresByDay(budget({ failed: 17n, days }), false).map((day) => day.failed)).toEqual([8n, 9n]);
    const even = [{ day: "2026-10-01", numerator: 5n, denominator: 10n }];
    expect(failuresByDay(budget({ failed: 5n, days: even }), true).map((day) => day.failed)).toEqual([5n]);
  });

  it("burns down day by day, and its forecast is a fan to the end", () => {
    const chart = burnDown(
      budget({ allowed: 10n, failed: 3n, left: 7n, forecastFailures: 9n, forecastLow: 6n, forecastHigh: 13n, goneOn: "2026-10-09", days }),
      "2026-10-01",
      "2026-10-10",
      false,
    );
    expect(chart.measured).toEqual([
      { at: 0, left: 10 },
      { at: 1, left: 8 },
      { at: 2, left: 8 },
      { at: 3, left: 7 },
    ]);
    expect(chart.forecast).toEqual({ at: 10, low: -3, mid: 1, high: 4 });
    expect(chart.goneAt).toBe(9);
    expect([chart.top, chart.bottom, chart.length]).toEqual([10, -3, 10]);
    // A month that is over has no forecast left; a chart of nothing still has a height.
    expect(burnDown(budget({ failed: 3n, days }), "2026-10-01", "2026-10-03", false).forecast).toBeUndefined();
    const empty = burnDown(budget({ allowed: 0n, failed: 0n, left: 0n, days: [] }), "2026-10-01", "2026-10-31", false);
    expect(empty.top).toBeGreaterThan(empty.bottom);
  });
});

describe("the heat of days", () => {
  it("stands in weeks from Monday", () => {
    const weeks = weeksOf("2026-10-01", "2026-10-31");
    expect(weeks[0]).toEqual([undefined, undefined, undefined, "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"]);
    expect(weeks.at(-1)?.[5]).toBe("2026-10-31");
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(monthsOf("2026-08-31", "2026-10-02")).toEqual(["2026-08", "2026-09", "2026-10"]);
    expect(within("2026-08", "2026-08-30", "2026-10-02")).toEqual(["2026-08-30", "2026-08-31"]);
  });

  it("has fifths of the days, compared as numbers and not as text", () => {
    const limits = limitsOf(["10", "9", "8.5", "100", "20", "", "30", "40", "50", "60", "70"]);
    expect(limits).toEqual(["10", "30", "50", "70"]);
    expect(["8.5", "10", "29.99", "100"].map((value) => shadeOf(value, limits))).toEqual([0, 1, 1, 4]);
    expect(limitsOf(["7", "7", "7"])).toEqual([]);
    expect(shadeOf("7", [])).toBe(0);
    expect(limitsOf([""])).toEqual([]);
  });
});

describe("an indicator", () => {
  const t2 = {
    indicator: "T2",
    numerator: "11293",
    denominator: "11850",
    value: "0.952996",
    unit: "percent",
    target: "97",
    threshold: "93",
    floor: "80",
    lowerIsBetter: false,
  };

  it("has its value in the unit of its target, from the counts where the value is rounded", () => {
    expect(valueText(t2)).toBe("95.30");
    const q1 = {
      ...t2,
      numerator: "1",
      denominator: "12000",
      value: "0.000083",
      unit: "ppm",
      target: "20",
      threshold: "100",
      floor: "300",
    };
    expect(valueText(q1)).toBe("83.33");
    expect(valueText({ ...q1, numerator: "0", value: "0.000000", target: "0" })).toBe("0");
    expect(valueText({ ...t2, numerator: "499800", denominator: "10500", value: "47.600000", unit: "hours", target: "42" })).toBe("47.6");
    // First published: only the value is known.
    expect(valueText(t2, "0.953080")).toBe("95.31");
    expect(valueText({ ...t2, value: "" })).toBe("");
    // Counts that say something else are not taken for the value.
    expect(valueText({ ...t2, numerator: "1", denominator: "2" })).toBe("95.30");
  });

  it("is never rounded onto a target that it misses", () => {
    expect(valueText({ ...t2, numerator: "96999", denominator: "100000", value: "0.969990" })).toBe("96.999");
    expect(valueText({ ...t2, numerator: "82995", denominator: "83412", value: "0.995001", target: "99.5" })).toBe("99.5001");
  });

  it("says what missed, where that is a count", () => {
    expect(missedOf(t2)).toBe("557");
    expect(missedOf({ ...t2, indicator: "S3", numerator: "1", denominator: "29", lowerIsBetter: true })).toBe("1");
    expect(missedOf({ ...t2, indicator: "C3", numerator: "851400.00", denominator: "860000.00" })).toBe("8600");
    expect(missedOf({ ...t2, indicator: "C2", lowerIsBetter: true })).toBe("");
    expect(missedOf({ ...t2, indicator: "T4", unit: "hours", lowerIsBetter: true })).toBe("");
    expect(missedOf({ ...t2, numerator: "", denominator: "" })).toBe("");
    expect(figureText("851400.00")).toBe("851,400");
  });

  it("says why it is not available, and an unknown code as it is", () => {
    const without = { reasonCode: "", reason: "", sample: 0n, minimum: 0n };
    expect(whyWithout(english, { ...without, reasonCode: "no_queries", reason: "No queries are recorded." })).toBe(
      "no queries are recorded",
    );
    expect(whyWithout(chinese, { ...without, reasonCode: "no_queries" })).toBe("没有查询记录");
    expect(whyWithout(english, { ...without, reasonCode: "too_few", sample: 12n, minimum: 1000n })).toBe(
      "too few: 12, and at least 1,000 are needed",
    );
    expect(whyWithout(chinese, { ...without, reasonCode: "gone_fishing", reason: "Gone fishing." })).toBe("Gone fishing.");
    expect(whyWithout(english, without)).toBe("");
  });

  it("says why an account has no score", () => {
    expect(whyText(english, "too_few")).toBe("too few to judge");
    expect(whyText(chinese, "No dimension with a weight has a score.")).toBe("没有可评分的维度");
    expect(whyText(english, "gone_fishing")).toBe("gone fishing");
    expect(whyText(chinese, "Something new.")).toBe("Something new.");
    expect(whyText(english, "The account has no such contract version whose plan could score it.")).toBe(
      "the account has no such contract version",
    );
    expect(whyText(english, "")).toBe("");
  });
});

describe("what was restated", () => {
  it("stands in the units of its target, as the card has it", () => {
    const of = { unit: "hours", currency: "" };
    expect(restatedText(of, "47.600000/1", "47.600000")).toBe("47.6 h (47.6 / 1)");
    expect(restatedText({ ...of, unit: "percent" }, "11293/11850", "0.952996")).toBe("95.30 % (11,293 / 11,850)");
    expect(restatedText({ ...of, unit: "ppm" }, "1/12000", "0.000083")).toBe("83.33 ppm (1 / 12,000)");
    expect(restatedText({ unit: "percent", currency: "CNY" }, "1250.50/50000.00", "0.025010")).toBe("2.50 % (1,250.5 / 50,000 CNY)");
    expect(restatedText({ ...of, unit: "percent" }, "0/0", "")).toBe("– (0 / 0)");
    expect(restatedText({ ...of, unit: "count" }, "1203", "")).toBe("1,203");
  });

  it("has its name in words", () => {
    const known = [{ indicator: "T4", nameZh: "全程时限均值", nameEn: "Mean end-to-end hours" }];
    expect(figureName(english, "T4", known, "en")).toBe("T4 Mean end-to-end hours");
    expect(figureName(chinese, "right_day_late", known, "zh")).toBe(zh.levels.component.right_day_late);
    expect(figureName(english, "gate.hub", known, "en")).toBe(`Step to: ${en.levels.gate.hub}`);
    expect(figureName(english, "parcels", known, "en")).toBe("Parcels accepted");
  });
});

describe("words and ways", () => {
  it("lead to the parcels behind a figure, with the slice it was taken of", () => {
    const at = { account: "HDDS A", month: "2026-10", dimension: "", member: "" };
    expect(behindPath(at, "T2", "missed")).toBe("/levels/HDDS%20A/behind/T2?which=missed&month=2026-10");
    expect(behindPath({ ...at, dimension: "lane", member: "a-b" }, "T2", "met", "2026-10-03")).toBe(
      "/levels/HDDS%20A/behind/T2?which=met&month=2026-10&from=2026-10-03&to=2026-10-03&dimension=lane&member=a-b",
    );
  });

  it("count one and many", () => {
    expect(counted(english, "levels.risk_count", 1)).toBe("1 parcel at risk");
    expect(counted(english, "levels.risk_count", 1200)).toBe("1,200 parcels at risk");
  });

  it("say shares and evidence as people read them", () => {
    expect(shareText("0.0435")).toBe("4.4 %");
    expect(shareText("")).toBe("");
    expect(evidenceText(english, "used_minor", "1250000")).toBe("used: 12,500.00");
    expect(evidenceText(english, "change", "-0.275862")).toBe("change: -27.6 %");
    expect(evidenceText(chinese, "oldest_days", "21")).toBe("最长逾期天数：21");
    expect(evidenceText(english, "new_figure", "T2")).toBe("new figure: T2");
    expect(evidenceText(english, "used_minor", "1250000", "CNY")).toBe("used: CNY 12,500.00");
    expect(evidenceText(english, "unbilled", "not_known")).toBe("not billed yet: not known");
    expect(evidenceText(chinese, "last_contact", "2026-10-16", "", "zh")).toBe("最近联系：10月16日");
  });

  it("say why a warning stands in a sentence with its figures, and by its reason where they lack", () => {
    const neglected = {
      reason: "not_contacted",
      evidence: { days_without: "9", days_allowed: "2", grade: "A", last_contact: "2026-10-16" },
    };
    expect(whyWarned(english, neglected, "en")).toBe("Nobody has spoken with the client for 9 days; grade A allows 2");
    expect(whyWarned(chinese, neglected, "zh")).toBe("已 9 天未联系客户；A 级客户限 2 天");
    expect(whyWarned(english, { reason: "credit_used", evidence: { use: "0.9175" } }, "en")).toBe("91.8 % of the credit limit is used");
    expect(whyWarned(english, { reason: "credit_used", evidence: {} }, "en")).toBe("The credit limit is nearly or wholly used");
    expect(whyWarned(english, { reason: "of_tomorrow", evidence: {} }, "en")).toBe("of tomorrow");
    const capped = { reason: "knock_out", evidence: { insured_lost: "1", knock_outs: "1" } };
    expect(whyWarned(english, capped, "en")).toBe("Knock-outs this month: 1; the grade is C at best");
    expect(evidenceLines(english, capped, "en").map((line) => line.text)).toEqual(["knock-outs: 1", "insured parcels lost: 1"]);
  });

  it("show the figures of a warning in the order of its reason, and no empty bucket", () => {
    const evidence = { not_due_minor: "0", days_1_30_minor: "4500000", days_over_90_minor: "0", oldest_days: "10", currency: "CNY" };
    expect(evidenceLines(english, { reason: "overdue", evidence }, "en").map((line) => line.text)).toEqual([
      "oldest, days: 10",
      "1 to 30 days overdue: CNY 45,000.00",
    ]);
  });

  it("link what a warning is about", () => {
    const of = (kind: string, name: string) => subjectOf(english, create(WarningSubjectSchema, { kind, name }), "KA-1", "2026-10", "en");
    expect(of("invoice", "INV-1")).toEqual({ text: "INV-1", to: "" });
    expect(of("indicator", "T2")).toEqual({ text: "T2", to: "/levels/KA-1/behind/T2?which=missed&month=2026-10" });
    expect(of("indicator", "insured_lost").text).toBe("Insured parcels lost");
    expect(of("change", "address/2026-10-20/7")).toEqual({ text: "Address, 20 October", to: "/accounts/KA-1" });
    expect(of("warning", "KA-1.contact.20745").text).toBe("Contact");
    expect(of("warning", "KA-1.burn.T2.h498").text).toBe("Burn T2");
    expect(monthOf(BigInt(Date.parse("2026-10-31T18:00:00Z")) * 1000n)).toBe("2026-10");
  });

  it("offer the lanes, depots and couriers that drill-downs named", () => {
    forgetMembers();
    remember("A", [
      { lane: "b", depot: "", courier: "c-1" },
      { lane: "a", depot: "", courier: "c-1" },
    ]);
    expect(membersOf("A", "lane")).toEqual(["a", "b"]);
    expect(membersOf("A", "courier")).toEqual(["c-1"]);
    expect(membersOf("A", "depot")).toEqual([]);
    expect(membersOf("B", "lane")).toEqual([]);
  });
});
