import { parse } from "yaml";

// A contract's canonical document as the page shows it: every figure stays the text that was signed, none becomes a floating-point number.
export type Node = string | Node[] | { [key: string]: Node };
export type Fields = { [key: string]: Node };

export function readDocument(text: string): Fields {
  const found = parse(text, { schema: "failsafe" }) as unknown;
  return isFields(found) ? found : {};
}

export const isFields = (node: unknown): node is Fields => typeof node === "object" && node !== null && !Array.isArray(node);
export const text = (node: Node | undefined): string => (typeof node === "string" ? node : "");
export const list = (node: Node | undefined): Node[] => (Array.isArray(node) ? node : node === undefined || node === "" ? [] : [node]);
export const fields = (node: Node | undefined): Fields => (isFields(node) ? node : {});
export const texts = (node: Node | undefined): string[] => list(node).map(text).filter(Boolean);

export interface Clause {
  section: string;
  id: string;
  body: Fields;
}

// Every clause with the heading it stands under, by its id.
export function clausesOf(document: Fields): Map<string, Clause> {
  const found = new Map<string, Clause>();
  for (const [section, node] of Object.entries(document))
    for (const one of Array.isArray(node) ? node : [node])
      if (isFields(one) && typeof one.id === "string") found.set(one.id, { section, id: one.id, body: one });
  return found;
}

// One price of a tariff, in the order of the bill: what it is for, and how much.
export interface PriceRow {
  zones: string[];
  part: "first" | "further" | "tier" | "bracket" | "open_bracket" | "per_parcel";
  from: string;
  to: string;
  step: string;
  price: string;
  perKg: string;
  perStep: string;
  tierOn: string;
}

export function priceRows(clause: Fields): PriceRow[] {
  const rates = list(clause.rates).filter(isFields);
  return (rates.length > 0 ? rates : [clause]).flatMap((rate) => {
    const zones = texts(rate.zones ?? rate.zone);
    const row = (part: PriceRow["part"], rest: Partial<PriceRow>): PriceRow => ({
      zones,
      part,
      from: "",
      to: "",
      step: "",
      price: "",
      perKg: "",
      perStep: "",
      tierOn: "",
      ...rest,
    });
    const rows: PriceRow[] = [];
    if (rate.per_parcel !== undefined) rows.push(row("per_parcel", { price: text(rate.per_parcel) }));
    if (isFields(rate.first)) rows.push(row("first", { to: text(rate.first.to), price: text(rate.first.price) }));
    if (isFields(rate.further)) {
      const { step, tier_read_on: tierOn } = rate.further;
      const tiers = list(rate.further.tiers).filter(isFields);
      if (tiers.length === 0) rows.push(row("further", { step: text(step), price: text(rate.further.price) }));
      let from = "";
      for (const tier of tiers) {
        rows.push(row("tier", { from, to: text(tier.to), step: text(step), price: text(tier.price), tierOn: text(tierOn) }));
        from = text(tier.to);
      }
    }
    let from = "";
    for (const bracket of list(rate.brackets).filter(isFields)) {
      const nothing = (value: Node | undefined) => (/^0(\.0*)?$/.test(text(value)) ? "" : text(value));
      rows.push(
        row(bracket.to === undefined ? "open_bracket" : "bracket", {
          from,
          to: text(bracket.to),
          price: nothing(bracket.price),
          perKg: nothing(bracket.per_kg),
          step: text(bracket.step),
          perStep: nothing(bracket.per_step),
        }),
      );
      from = text(bracket.to);
    }
    return rows;
  });
}

export interface LaneRow {
  from: string;
  to: string;
  zone: string;
}

// The zones of a tariff as one table, however they are found: lanes, postcodes, or regions put out to their places.
export function zoneRows(clause: Fields): { by: string; rows: LaneRow[] } {
  const zones = fields(clause.zones);
  const by = text(zones.by);
  if (by === "region") {
    const places = list(zones.regions).filter(isFields);
    const of = (region: Node | undefined) => {
      const name = text(region) || "*";
      if (name === "*") return "*";
      const codes = places.filter((one) => text(one.region) === name).map((one) => text(one.place));
      return `${name}: ${codes.join(", ")}`;
    };
    return {
      by,
      rows: list(zones.pairs)
        .filter(isFields)
        .map((one) => ({ from: of(one.from), to: of(one.to), zone: text(one.zone) })),
    };
  }
  return {
    by,
    rows: list(zones.rows)
      .filter(isFields)
      .map((one) => ({ from: text(one.from) || "*", to: text(one.to) || "*", zone: text(one.zone) })),
  };
}

// A place that somebody types against the patterns of a table: "310115" is found by "31*", and by what it begins with.
export function placeFits(pattern: string, wanted: string): boolean {
  if (!wanted) return true;
  const asked = wanted.toLowerCase();
  for (const part of pattern.toLowerCase().split(/[,:]\s*/)) {
    if (part.includes(asked)) return true;
    const range = /^(\d+)-(\d+)$/.exec(part);
    if (range && asked.length === range[1]?.length && asked >= range[1] && asked <= (range[2] ?? "")) return true;
    if (part.endsWith("*") && part.length > 1 && asked.startsWith(part.slice(0, -1))) return true;
  }
  return false;
}

export interface DatedRow {
  from: string;
  percent: string;
  now: boolean;
  past: boolean;
}

// The rows of a dated percentage, and which of them holds on a day.
export function datedRows(clause: Fields, today: string): DatedRow[] {
  const rows = list(fields(clause.fuel).rows).filter(isFields);
  const at = rows.findLastIndex((row) => text(row.from) <= today);
  return rows.map((row, index) => ({ from: text(row.from), percent: text(row.percent), now: index === at, past: index < at }));
}

// Whether a clause with dates holds on a day: before, now, after; without dates it always does.
export function heldOn(clause: Fields, today: string): "before" | "now" | "after" {
  const [from, until] = [text(clause.from), text(clause.until)];
  if (from && today < from) return "before";
  return until && today > until ? "after" : "now";
}
