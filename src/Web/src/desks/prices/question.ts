import type { MessageInitShape } from "@bufbuild/protobuf";
import { instantOf, milligramsOf, minorOf, sidesOf } from "../../format/entry";
import type { ShipmentSchema } from "../../gen/kal/contracts/v1/rating_pb";

// What is asked of a price, as it is typed and as the address holds it.
export const questionFields = [
  "waybill",
  "account",
  "service",
  "from",
  "to",
  "zone",
  "weight",
  "sides",
  "value",
  "cod",
  "accepted",
  "marks",
  "collect",
  "fragile",
  "returned",
] as const;
export type QuestionField = (typeof questionFields)[number];
export type Question = Record<QuestionField, string>;

export const emptyQuestion = Object.fromEntries(questionFields.map((field) => [field, ""])) as Question;

type ShipmentInit = MessageInitShape<typeof ShipmentSchema>;

// The shipment of a question, or the fields in which something stands that is no weight, no amount, no size, no moment.
export function shipmentOf(asked: Question, zone: string, nowUs: bigint): { shipment: ShipmentInit } | { wrong: QuestionField[] } {
  const wrong: QuestionField[] = [];
  const read = <T>(field: QuestionField, parse: (text: string) => T | undefined, needed = false): T | undefined => {
    const text = asked[field].trim();
    if (!text) {
      if (needed) wrong.push(field);
      return undefined;
    }
    const value = parse(text);
    if (value === undefined) wrong.push(field);
    return value;
  };
  const text = (value: string) => value || undefined;
  const service = read("service", text, true);
  const origin = read("from", text, true);
  const destination = read("to", text, true);
  const weight = read("weight", (kg) => positive(milligramsOf(kg)), true);
  const sides = read("sides", sidesOf);
  const value = read("value", (amount) => minorOf(amount));
  const cod = read("cod", (amount) => minorOf(amount));
  const accepted = read("accepted", (local) => instantOf(local, zone)) ?? nowUs;
  if (wrong.length > 0) return { wrong };
  return {
    shipment: {
      waybill: asked.waybill,
      service: service ?? "",
      origin: origin ?? "",
      destination: destination ?? "",
      zone: asked.zone.trim(),
      acceptedAtUs: accepted,
      pieces: [{ weightMg: weight ?? 0n, ...(sides ?? {}) }],
      declaredValueMinor: value ?? -1n,
      codMinor: cod ?? 0n,
      freightCollect: asked.collect === "1",
      fragile: asked.fragile === "1",
      returned: asked.returned === "1",
      marks: asked.marks.split(/[\s,，]+/).filter(Boolean),
    },
  };
}

const positive = (value: bigint | undefined) => (value !== undefined && value > 0n ? value : undefined);
