import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import courierEn from "../src/texts/courier.en.json";
import courierZh from "../src/texts/courier.zh.json";
import kioskEn from "../src/texts/en.json";
import officeEn from "../src/texts/office.en.json";
import officeZh from "../src/texts/office.zh.json";
import kioskZh from "../src/texts/zh.json";

// The office's words are loaded with the office, the phone's with the phone; a key belongs to one of the files.
const en = { ...kioskEn, ...officeEn, ...courierEn };
const zh = { ...kioskZh, ...officeZh, ...courierZh };

function keys(node: object, at = ""): string[] {
  return Object.entries(node).flatMap(([name, value]) => (typeof value === "string" ? [at + name] : keys(value, `${at}${name}.`)));
}
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? entry.name === "gen"
        ? []
        : sources(join(folder, entry.name))
      : /\.tsx?$/.test(entry.name)
        ? [join(folder, entry.name)]
        : [],
  );
}
const value = (texts: object, key: string) =>
  key.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], texts);

describe("texts", () => {
  it("stand in one file each", () => {
    expect(Object.keys(officeEn).filter((group) => group in kioskEn)).toEqual([]);
    expect(Object.keys(courierEn).filter((group) => group in kioskEn || group in officeEn)).toEqual([]);
  });

  it("have the same keys in both languages", () => {
    expect(keys(zh).sort()).toEqual(keys(en).sort());
  });

  it("have the same figures in both languages", () => {
    const figures = (text: unknown) => [...String(text).matchAll(/\{\{(\w+)\}\}/g)].map((hit) => hit[1]).sort();
    for (const key of keys(en)) expect(figures(value(zh, key)), key).toEqual(figures(value(en, key)));
  });

  it("exist for every fixed key that a page names", () => {
    const known = new Set(keys(en));
    const used = sources(join(import.meta.dirname, "../src")).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bt\(\s*"([\w.]+)"/g)].map((hit) => hit[1] ?? ""),
    );
    expect(used.length).toBeGreaterThan(80);
    expect(used.filter((key) => !known.has(key))).toEqual([]);
  });

  // The kiosk does not load the office's words, so whatever stands on it must be in its own.
  it("of the kiosk are the kiosk's own", () => {
    const known = new Set(keys(kioskEn));
    const files = [...sources(join(import.meta.dirname, "../src/desks/station")), join(import.meta.dirname, "../src/app/App.tsx")];
    const used = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\bt\(\s*["`]([\w.]+)/g)].map((hit) => hit[1] ?? ""));
    const groups = new Set(Object.keys(kioskEn));
    expect(used.filter((key) => key.includes(".") && !known.has(key) && !groups.has(key.split(".")[0] ?? ""))).toEqual([]);
    expect(used.filter((key) => key in officeEn || Object.keys(officeEn).some((group) => key.startsWith(`${group}.`)))).toEqual([]);
  });

  it("of the phone are the phone's own or the kiosk's", () => {
    const groups = new Set([...Object.keys(kioskEn), ...Object.keys(courierEn)]);
    const used = sources(join(import.meta.dirname, "../src/desks/courier")).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bt\(\s*["`]([\w.]+)/g)].map((hit) => hit[1] ?? ""),
    );
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((key) => !groups.has(key.split(".")[0] ?? ""))).toEqual([]);
  });

  // What a warning says is a code here and a sentence on the page: a code without its words would be read as it is.
  it("exist for every warning, its family and each of its figures", () => {
    const levels = join(import.meta.dirname, "../../ServiceLevels");
    const files = ["Warnings", "WatchWarnings"].flatMap((folder) =>
      readdirSync(join(levels, folder))
        .filter((file) => file.endsWith(".cs"))
        .map((file) => readFileSync(join(levels, folder, file), "utf8")),
    );
    const snake = (name: string) => name.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase();
    const members = (name: string) => {
      const body = /enum NAME\r?\n\{([\s\S]*?)\n\}/.source.replace("NAME", name);
      const found = files.flatMap((text) => [...text.matchAll(new RegExp(body, "g"))].map((hit) => hit[1] ?? ""));
      expect(found.length, name).toBe(1);
      return [...(found[0] ?? "").matchAll(/^\s{4}(\w+) = \d+,/gm)].map((hit) => snake(hit[1] ?? ""));
    };
    const families = members("WarningFamily");
    const figures = new Set(
      files.flatMap((text) =>
        [...text.matchAll(/(?:\bnew|WarningFigure\.Of|WarningFigure\.Said|WarningFigure|[[,]\s)\("([a-z_0-9]+)"/g)].map(
          (hit) => hit[1] ?? "",
        ),
      ),
    );
    // Said once with the amounts.
    figures.delete("currency");
    for (const family of families.filter((one) => one !== "regress")) figures.add(`points_${family}`);
    expect(figures.size).toBeGreaterThan(50);
    const words = files.flatMap((text) => [...text.matchAll(/"(not_known|none_recorded)"/g)].map((hit) => hit[1] ?? ""));
    expect(new Set(words).size).toBe(2);
    const rules = files.flatMap((text) => [...text.matchAll(/\b[A-Z]\w+ = "([a-z]+)"/g)].map((hit) => hit[1] ?? ""));
    expect(rules.length).toBeGreaterThan(12);
    for (const language of [en, zh]) {
      const missing = [
        ...members("WarningReason").flatMap((reason) => [`warning.${reason}`, `warned_because.${reason}`]),
        ...families.map((family) => `family.${family}`),
        ...members("WarningLevel").map((level) => `level.${level}`),
        ...members("AccountChangeKind").map((kind) => `changed.${kind}`),
        ...[...figures].map((name) => `evidence.${name.replace(/_minor$/, "")}`),
        ...words.map((word) => `evidence_word.${word}`),
        ...["invoice", "step", "indicator", "change", "warning"].map((kind) => `subject_of.${kind}`),
        ...[...rules, "burn", "knock_out"].map((rule) => `rule.${rule}`),
        "closed_because.cause_gone",
      ].filter((key) => value(language, `levels.${key}`) === undefined);
      expect(missing).toEqual([]);
    }
  });

  // A refusal that the phone cannot say in the courier's language is said in English, at a door.
  it("exist for every refusal of a phone's fact", () => {
    const root = join(import.meta.dirname, "../..");
    const judge = readFileSync(join(root, "Dispatch/Confirmations/JudgeFact.cs"), "utf8");
    const snake = (name: string) => name.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase();
    const members = (file: string, name: string) =>
      [
        ...(new RegExp(`enum ${name}\\s*\\{([^}]*)`).exec(readFileSync(join(root, file), "utf8"))?.[1] ?? "").matchAll(
          /^\s+(\w+) = \d+,$/gm,
        ),
      ].map((hit) => snake(hit[1] ?? ""));
    // Those the page never makes: they are mistakes of programs.
    const programs = ["not_a_couriers_fact", "correction_at_desk"];
    const codes = [
      ...[...judge.matchAll(/FactRefusal\.Of\("([a-z_]+)"/g), ...judge.matchAll(/new FactRefusal\(\s*"([a-z_]+)"/g)].map(
        (hit) => hit[1] ?? "",
      ),
      ...members("Verdicts/Confirmations/DeliveryRules.cs", "DeliveryRefusalReason"),
      ...members("Verdicts/Confirmations/AttemptRules.cs", "AttemptRefusalReason"),
    ].filter((code) => !programs.includes(code));
    expect(codes.length).toBeGreaterThan(20);
    const known = new Set(keys(en));
    expect(codes.filter((code) => !known.has(`courier.refusal.${code}`))).toEqual([]);
  });

  // What the agent says is a code; a code without words would stand on the kiosk as it is.
  it("exist for every code of the station", () => {
    const root = join(import.meta.dirname, "../..");
    const agent = csharp(join(root, "EdgeAgent"));
    const all = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map((hit) => hit[1] ?? "");
    const members = (file: string, name: string) =>
      all(/^\s+(\w+)(?: = \d+)?,$/gm, new RegExp(`enum ${name}\\s*\\{([^}]*)`).exec(readFileSync(join(root, file), "utf8"))?.[1] ?? "").map(
        (member) => member.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase(),
      );
    const expected = {
      refusal: [
        ...all(/Refuse\("([a-z_]+)"/g, agent),
        ...all(/Refused\("([a-z_]+)"/g, agent),
        ...all(/const string \w+ = "(journal_[a-z_]+)"/g, agent),
        ...members("Verdicts/Handovers/HandoverDecision.cs", "HandoverRefusalReason"),
      ],
      next: [
        ...all(/(?:Say|Warn)\("([a-z_]+)"/g, agent),
        ...members("Verdicts/Pairing/PairingTypes.cs", "PairingInstruction"),
        ...members("Verdicts/Handovers/HandoverRules.cs", "LineCheck")
          .filter((check) => check !== "reweigh" && check !== "scan")
          .map((check) => `check_${check}`),
      ].filter((code) => code !== "check_"),
      needs_zero: members("Verdicts/Pairing/PairingTypes.cs", "NeedsZeroReason"),
      headline: [
        ...all(/NotJudged\("([a-z_]+)"/g, agent),
        ...all(/=> \("(?:good|warn|stop|wait)", "([a-z_]+[a-z])"\)/g, agent),
        ...members("Verdicts/Weighing/WeighVerdict.cs", "NoVerdictReason")
          .filter((why) => why !== "no_terms" && why !== "unknown_parcel")
          .map((why) => `no_verdict_${why}`),
      ],
      check: members("Verdicts/Handovers/HandoverRules.cs", "LineCheck"),
      reason: all(/const string \w+ = "([a-z_]+)"/g, readFileSync(join(root, "Verdicts/Holds/HoldReasons.cs"), "utf8")),
      exception: all(/const string \w+ = "([a-z_]+)"/g, readFileSync(join(root, "Custody/Life/ExceptionCodes.cs"), "utf8")),
    };
    const known = new Set(keys(en));
    for (const [group, codes] of Object.entries(expected)) {
      expect(codes.length, group).toBeGreaterThan(4);
      expect(
        codes.filter((code) => !known.has(`${group}.${code}`)),
        group,
      ).toEqual([]);
    }
  });
});

function csharp(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "obj" && entry.name !== "bin")
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? csharp(path) : path.endsWith(".cs") ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}
