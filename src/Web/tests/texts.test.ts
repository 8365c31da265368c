import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "../src/texts/en.json";
import zh from "../src/texts/zh.json";

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
});
