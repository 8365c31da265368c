import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { Counter } from "../src/desks/courier/clock";
import { Acts } from "../src/desks/courier/facts";
import { cashOf, findStop, metresBetween, stopsOf, truthOf } from "../src/desks/courier/round";
import { actionsFor, isCode, lacks, milligrams, nothingClaimed } from "../src/desks/courier/rules";
import type { KeptFact } from "../src/desks/courier/store";
import { EventKind, ParcelEventSchema } from "../src/gen/kal/custody/v1/events_pb";
import { PaymentMeans } from "../src/gen/kal/custody/v1/money_pb";
import { HandedTo } from "../src/gen/kal/custody/v1/proofs_pb";
import { type MyDayReply, MyDayReplySchema, type MyParcel, MyParcelSchema } from "../src/gen/kal/dispatch/v1/courier_pb";

const parcel = (more: Partial<MyParcel> = {}) =>
  create(MyParcelSchema, { parcel: "P1", state: "open", proofs: ["signature"], ...more } as never);
const day = (): MyDayReply =>
  create(MyDayReplySchema, {
    courier: "c-1",
    day: "2026-10-12",
    depot: "HZ01",
    vehicle: "E-1",
    cash: [{ currency: "CNY", minor: 1000n }],
    stops: [
      {
        stop: "W1",
        kind: "delivery",
        account: "KA-1",
        state: "open",
        parcels: [parcel({ codMinor: 5000n, freightCollectMinor: 300n, currency: "CNY" } as never)],
      },
      { stop: "PO-1", kind: "pickup", account: "KA-1", count: 3, state: "open" },
    ],
  });
const stamp = { boot: new Uint8Array(16).fill(7), counterUs: 1_000_000n, wallUs: 1_760_000_000_000_000n };
const picture = { content: new Uint8Array([1, 2]), sha256: new Uint8Array(32).fill(9) };
const claim = { ...nothingClaimed, inspectionOffered: true, signature: picture, paid: true };

function kept(make: (acts: Acts) => ReturnType<Acts["delivered"]>, state: KeptFact["state"] = "waiting"): KeptFact[] {
  const acts = new Acts(day(), "phone-1", stamp);
  return acts
    .kept(make(acts))
    .facts.map((fact, at) => ({ ...fact, seq: at + 1, state, answeredMs: 0, code: "", message: "", seen: false }));
}
const deliver = (acts: Acts) => acts.delivered(day().stops[0] as never, day().stops[0]?.parcels ?? [], claim, undefined);

describe("a phone's counter", () => {
  it("begins anew when the phone slept or its clock was set, and only then", () => {
    let [counterMs, wallMs] = [1_000, 1_760_000_000_000];
    const counter = new Counter({ counterMs: () => counterMs, wallMs: () => wallMs });
    const first = counter.now();
    [counterMs, wallMs] = [61_000, wallMs + 60_000];
    const second = counter.now();
    expect(second.boot).toEqual(first.boot);
    expect(second.counterUs - first.counterUs).toBe(60_000_000n);
    // Asleep: the wall clock went on, the counter did not.
    wallMs += 3_600_000;
    const woken = counter.now();
    expect(woken.boot).not.toEqual(first.boot);
    // Set back two hours.
    wallMs -= 7_200_000;
    expect(counter.now().boot).not.toEqual(woken.boot);
  });
});

describe("a delivery's facts", () => {
  it("come consent first, then money in two items with the shipper, then what rests on them, and name the pictures by hash", () => {
    const acts = new Acts(day(), "phone-1", stamp);
    const stop = day().stops[0] as never;
    const batch = acts.delivered(
      stop,
      day().stops[0]?.parcels ?? [],
      { ...claim, to: HandedTo.AGENT, consented: true },
      { distanceM: 40.4, accuracyM: 12 },
    );
    expect(batch.facts.map((fact) => fact.kind)).toEqual([EventKind.CONSENT_RECORDED, EventKind.MONEY_COLLECTED, EventKind.DELIVERED]);
    const [consent, money, delivered] = batch.facts;
    expect(money?.money?.items.map((item) => [item.purpose, item.minor, item.account])).toEqual([
      [1, 5000n, "KA-1"],
      [2, 300n, "KA-1"],
    ]);
    expect(delivered?.proof?.consent).toEqual(consent?.id);
    expect(delivered?.proof?.signatureSha256).toEqual(picture.sha256);
    expect(delivered?.proof?.distanceM).toBe(40n);
    expect(delivered?.actor).toBe("c-1");
    expect(delivered?.monotonicUs).toBe(stamp.counterUs);
    expect(batch.pictures.map((one) => one.eventId)).toEqual([delivered?.id]);
    const sent = acts.kept(batch).facts[2];
    expect(toBinary(ParcelEventSchema, fromBinary(ParcelEventSchema, sent?.body ?? new Uint8Array()))).toEqual(sent?.body);
  });
});

describe("what a delivery lacks", () => {
  it("is exactly what the contract demands", () => {
    expect(lacks([parcel()], nothingClaimed).map((one) => one.code)).toEqual(["inspection", "signature"]);
    expect(
      lacks([parcel({ proofs: ["code", "photo"], insured: true })], { ...nothingClaimed, inspectionOffered: true }).map((one) => one.code),
    ).toEqual(["code", "photo"]);
    expect(lacks([parcel()], claim)).toEqual([]);
    expect(lacks([parcel({ codMinor: 5000n })], { ...claim, paid: false }).map((one) => one.code)).toEqual(["money"]);
    expect(lacks([parcel({ codMinor: 5000n })], { ...claim, means: PaymentMeans.CARD }).map((one) => one.code)).toEqual(["slip"]);
  });
  it("is a photo instead of a signature at a locker, and the consent", () => {
    const atLocker = { ...nothingClaimed, to: HandedTo.LOCKER };
    expect(lacks([parcel()], atLocker).map((one) => one.code)).toEqual(["consent", "photo"]);
    expect(lacks([parcel({ noLocker: true })], { ...atLocker, consented: true, photo: picture }).map((one) => one.code)).toEqual([
      "locker_excluded",
    ]);
  });
  it("is never overcome for what is held, stopped, locked or of another weight", () => {
    expect(lacks([parcel({ hold: "weight_over" })], claim).map((one) => one.code)).toEqual(["held"]);
    expect(lacks([parcel({ intercept: "stop" })], claim).map((one) => one.code)).toEqual(["intercepted"]);
    expect(lacks([parcel({ proofs: ["code"], wrongCodes: 5 })], claim).map((one) => one.code)).toEqual(["code_locked"]);
    const weighed = parcel({ reweigh: true, handedOnMg: 2_000_000n, integrityLimitMg: 40_000n });
    expect(lacks([weighed], claim).map((one) => one.code)).toEqual(["weight"]);
    expect(lacks([weighed], { ...claim, weights: { P1: 2_040_000n } })).toEqual([]);
    expect(lacks([weighed], { ...claim, weights: { P1: 2_040_001n } }).map((one) => one.code)).toEqual(["weight_differs"]);
  });
});

describe("a failed attempt", () => {
  it("may be tried once more, then goes elsewhere or back; one that was refused goes back at once", () => {
    expect(actionsFor([parcel()], false)).toEqual(["try_again", "redirect", "locker", "hold"]);
    expect(actionsFor([parcel({ attempts: 1, noLocker: true })], false)).toEqual(["redirect", "return", "hold"]);
    expect(actionsFor([parcel()], true)).toEqual(["redirect", "locker", "return", "hold"]);
    expect(actionsFor([parcel({ intercept: "return" })], false)).toEqual(["return", "hold"]);
  });
});

describe("a refusal to pay the freight", () => {
  it("is told before the refusal, with the shipper who bears it", () => {
    const acts = new Acts(day(), "phone-1", stamp);
    const batch = acts.failed(day().stops[0] as never, day().stops[0]?.parcels ?? [], true, "will_not_pay", "return", undefined);
    expect(batch.facts.map((fact) => fact.kind)).toEqual([EventKind.COLLECTION_REFUSED, EventKind.REFUSED]);
    expect(batch.facts[0]?.money?.items.map((item) => [item.purpose, item.minor, item.account])).toEqual([[2, 300n, "KA-1"]]);
  });
});

describe("a code", () => {
  it("is told right from wrong without network (PBKDF2-HMAC-SHA256)", async () => {
    const [salt, rounds] = [new Uint8Array(16).fill(3), 1_000];
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode("042137"), "PBKDF2", false, ["deriveBits"]);
    const hash = new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, key, 256));
    const check = { $typeName: "kal.dispatch.v1.CodeCheck", salt, rounds, hash } as never;
    expect(await isCode(check, "042137")).toBe(true);
    expect(await isCode(check, "042138")).toBe(false);
  });
});

describe("the day on the phone", () => {
  it("has what was recorded since laid over it; a refused fact changes nothing", () => {
    expect(stopsOf(day(), 0, kept(deliver)).map((one) => one.state)).toEqual(["done", "open"]);
    expect(stopsOf(day(), 0, kept(deliver, "refused")).map((one) => one.state)).toEqual(["open", "open"]);
    expect(
      stopsOf(
        day(),
        0,
        kept((acts) => acts.pickedUp(day().stops[1] as never, 3, "agreement", true, undefined)),
      ).map((one) => one.state),
    ).toEqual(["open", "done"]);
    expect(
      stopsOf(
        day(),
        0,
        kept((acts) => acts.failed(day().stops[0] as never, day().stops[0]?.parcels ?? [], false, "nobody_there", "try_again", undefined)),
      ).map((one) => one.state),
    ).toEqual(["failed", "open"]);
  });
  it("counts wrong codes and attempts that the server has not counted yet", () => {
    const wrong = (state: KeptFact["state"], asked: number) =>
      stopsOf(
        day(),
        asked,
        kept((acts) => acts.wrongCode("P1"), state),
      )[0]?.parcels[0]?.wrongCodes;
    expect([wrong("waiting", 5), wrong("recorded", 0), wrong("recorded", 5), wrong("refused", 0)]).toEqual([1, 1, 0, 0]);
  });
  it("counts cash once: what the server had, and what was collected since", () => {
    expect(cashOf(day(), 0, kept(deliver)).get("CNY")).toBe(6300n);
    expect(cashOf(day(), 10, kept(deliver, "recorded")).get("CNY")).toBe(1000n);
    expect(cashOf(day(), 0, kept(deliver, "refused")).get("CNY")).toBe(1000n);
  });
  it("says what waits and since when", () => {
    expect(truthOf(kept(deliver), 2)).toMatchObject({ waiting: 2, pictures: 2, sinceMs: 1_760_000_000_000 });
    expect(truthOf(kept(deliver, "refused"), 0).refused.length).toBe(2);
  });
  it("finds a parcel's door by its number, and nobody else's", () => {
    const stops = stopsOf(day(), 0, []);
    expect(findStop(stops, " p1 ")?.stop.stop).toBe("W1");
    expect(findStop(stops, "P9")).toBeUndefined();
  });
});

describe("figures", () => {
  it("reads a weight as typed in whole milligrams", () => {
    expect(milligrams("2.345")).toBe(2_345_000n);
    expect(milligrams("2,5")).toBe(2_500_000n);
    expect(milligrams("0")).toBeUndefined();
    expect(milligrams("two")).toBeUndefined();
  });
  it("measures a degree of latitude", () => {
    expect(Math.round(metresBetween(3_000_000, 12_000_000, 31, 120))).toBe(111_195);
  });
});
