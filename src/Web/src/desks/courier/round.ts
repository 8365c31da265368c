import { fromBinary } from "@bufbuild/protobuf";
import { EventKind, ParcelEventSchema } from "../../gen/kal/custody/v1/events_pb";
import { PaymentMeans } from "../../gen/kal/custody/v1/money_pb";
import type { MyDayReply, MyParcel, MyStop } from "../../gen/kal/dispatch/v1/courier_pb";
import type { KeptFact } from "./store";

// The day as the server told it, with what this phone has recorded since laid over it. A refused fact changes nothing.
export interface Stop {
  stop: MyStop;
  parcels: MyParcel[];
  state: "open" | "done" | "failed";
}

const doorStates: Partial<Record<EventKind, string>> = {
  [EventKind.DELIVERED]: "delivered",
  [EventKind.AT_PICKUP_POINT]: "at_pickup_point",
  [EventKind.ATTEMPT_FAILED]: "failed",
  [EventKind.REFUSED]: "refused",
};

// Not in what the server told with the day: it waits, or was answered since.
export const isNewer = (fact: KeptFact, askedMs: number) =>
  fact.state === "waiting" || (fact.state === "recorded" && fact.answeredMs >= askedMs);

export function stopsOf(day: MyDayReply, askedMs: number, facts: KeptFact[]): Stop[] {
  const told = facts.filter((fact) => fact.day === day.day && fact.state !== "refused");
  const doors = new Map<string, string>();
  const orders = new Map<string, "done" | "failed">();
  const attempts = new Map<string, number>();
  const wrong = new Map<string, number>();
  for (const fact of told) {
    const state = doorStates[fact.kind as EventKind];
    if (state && doors.get(fact.parcel) !== "delivered") doors.set(fact.parcel, state);
    if (fact.kind === EventKind.PICKUP_DONE) orders.set(fact.reference, "done");
    if ((fact.kind === EventKind.PICKUP_MISSED || fact.kind === EventKind.PICKUP_REFUSED) && orders.get(fact.reference) !== "done")
      orders.set(fact.reference, "failed");
    if (!isNewer(fact, askedMs)) continue;
    if (fact.kind === EventKind.CODE_WRONG) wrong.set(fact.parcel, (wrong.get(fact.parcel) ?? 0) + 1);
    if (fact.kind === EventKind.ATTEMPT_FAILED) attempts.set(fact.parcel, (attempts.get(fact.parcel) ?? 0) + 1);
  }
  return day.stops.map((stop) => {
    const parcels = stop.parcels.map((parcel) => ({
      ...parcel,
      state: doors.get(parcel.parcel) ?? parcel.state,
      wrongCodes: parcel.wrongCodes + (wrong.get(parcel.parcel) ?? 0),
      attempts: parcel.attempts + (attempts.get(parcel.parcel) ?? 0),
    }));
    return {
      stop,
      parcels,
      state: stop.kind === "pickup" ? (orders.get(stop.stop) ?? stateOf(stop.state)) : stateOfParcels(parcels, stop.state),
    };
  });
}

const stateOf = (state: string): Stop["state"] => (state === "done" || state === "failed" ? state : "open");

function stateOfParcels(parcels: MyParcel[], said: string): Stop["state"] {
  if (parcels.length === 0) return stateOf(said);
  if (parcels.some((parcel) => parcel.state === "open")) return "open";
  return parcels.some((parcel) => parcel.state === "failed" || parcel.state === "refused") ? "failed" : "done";
}

export interface Truth {
  waiting: number;
  pictures: number;
  sinceMs: number; // of the oldest that waits; 0 = none
  refused: KeptFact[]; // not yet read
}

// What the phone can honestly say of its queue.
export function truthOf(facts: KeptFact[], pictures: number): Truth {
  const waiting = facts.filter((fact) => fact.state === "waiting");
  return {
    waiting: waiting.length,
    pictures,
    sinceMs: waiting.length > 0 ? Math.min(...waiting.map((fact) => fact.wallMs)) : 0,
    refused: facts.filter((fact) => fact.state === "refused" && !fact.seen),
  };
}

// Cash that should be in the courier's hands: what the ledger had when the day was asked for, and what this phone has collected since.
export function cashOf(day: MyDayReply, askedMs: number, facts: KeptFact[]): Map<string, bigint> {
  const cash = new Map(day.cash.map((one) => [one.currency, one.minor]));
  for (const fact of facts) {
    if (fact.kind !== EventKind.MONEY_COLLECTED || !isNewer(fact, askedMs)) continue;
    const money = fromBinary(ParcelEventSchema, fact.body).money;
    if (money?.means !== PaymentMeans.CASH) continue;
    cash.set(money.currency, (cash.get(money.currency) ?? 0n) + money.items.reduce((sum, item) => sum + item.minor, 0n));
  }
  return cash;
}

// Great circle, metres: what a position says of the door is a signal, never a verdict.
export function metresBetween(latE5: number, lonE5: number, latitude: number, longitude: number): number {
  const rad = Math.PI / 180;
  const [a, b] = [(latE5 / 1e5) * rad, latitude * rad];
  const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(((longitude - lonE5 / 1e5) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

// What a scanned or typed text means: the stop with that parcel, or none of this run.
export function findStop(stops: Stop[], text: string): Stop | undefined {
  const code = text.trim().toUpperCase();
  if (!code) return undefined;
  return (
    stops.find((one) => one.parcels.some((parcel) => parcel.parcel.toUpperCase() === code)) ??
    stops.find((one) => one.stop.stop.toUpperCase() === code)
  );
}
