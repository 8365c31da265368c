import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { hex } from "../../format/figures";
import {
  ChecklistItemSchema,
  ChecklistSchema,
  EventKind,
  type ParcelEvent,
  ParcelEventSchema,
  ScanSchema,
  WeightPurpose,
  WeightSchema,
} from "../../gen/kal/custody/v1/events_pb";
import { MoneyItemSchema, MoneyMoveSchema, MoneyPurpose, PaymentMeans } from "../../gen/kal/custody/v1/money_pb";
import { DoorVisitSchema } from "../../gen/kal/custody/v1/pickups_pb";
import { DeliveryProofSchema, HandedTo } from "../../gen/kal/custody/v1/proofs_pb";
import type { MyDayReply, MyParcel, MyStop } from "../../gen/kal/dispatch/v1/courier_pb";
import { newId, type Stamp } from "./clock";
import type { Claim } from "./rules";
import type { KeptPicture, NewFact } from "./store";

// What the courier's acts are called in the journal (domain.md 5.6). A fact names ids and codes only, never a person.
export interface Picture {
  content: Uint8Array;
  sha256: Uint8Array;
}

export interface Where {
  distanceM: number;
  accuracyM: number;
}

export interface Batch {
  facts: ParcelEvent[];
  pictures: { eventId: Uint8Array; picture: Picture }[];
}

export class Acts {
  constructor(
    private readonly day: MyDayReply,
    private readonly device: string,
    private readonly stamp: Stamp,
  ) {}

  private fact(kind: EventKind, parcel: string, rest: MessageInitShape<typeof ParcelEventSchema> = {}): ParcelEvent {
    return create(ParcelEventSchema, {
      id: newId(),
      kind,
      parcel,
      actor: this.day.courier,
      node: this.day.depot,
      device: this.device,
      capturedAtUs: this.stamp.wallUs,
      monotonicUs: this.stamp.counterUs,
      ...rest,
    });
  }

  scanned = (parcel: string, text: string, typed: boolean, symbology: string): Batch => ({
    facts: [
      this.fact(EventKind.SCANNED, parcel, {
        scan: create(ScanSchema, {
          text,
          typed,
          typedReason: typed ? "by_hand" : "",
          symbology,
          raw: typed ? new Uint8Array() : new TextEncoder().encode(text),
        }),
      }),
    ],
    pictures: [],
  });

  // Consent first, then weight and money, then the delivery that rests on them.
  delivered(stop: MyStop, parcels: MyParcel[], claim: Claim, where: Where | undefined): Batch {
    const batch: Batch = { facts: [], pictures: [] };
    const kept = claim.to === HandedTo.LOCKER || claim.to === HandedTo.PICKUP_POINT;
    for (const parcel of parcels) {
      const consent =
        claim.to === HandedTo.CONSIGNEE ? undefined : this.fact(EventKind.CONSENT_RECORDED, parcel.parcel, { reason: reasonOf(claim.to) });
      if (consent) batch.facts.push(consent);
      const massMg = claim.weights[parcel.parcel];
      if (massMg !== undefined) batch.facts.push(this.weighed(parcel.parcel, massMg));
      const collected = this.collected(stop.account, parcel, claim.means, claim.slip);
      if (collected) batch.facts.push(collected);
      const delivered = this.fact(kept ? EventKind.AT_PICKUP_POINT : EventKind.DELIVERED, parcel.parcel, {
        proof: create(DeliveryProofSchema, {
          to: claim.to,
          consent: consent?.id ?? new Uint8Array(),
          inspectionOffered: claim.inspectionOffered,
          code: parcel.proofs.includes("code") ? (claim.codes[parcel.parcel] ?? "") : "",
          signatureSha256: claim.signature?.sha256 ?? new Uint8Array(),
          photoSha256: claim.photo?.sha256 ?? new Uint8Array(),
          hasPosition: where !== undefined,
          distanceM: BigInt(Math.round(where?.distanceM ?? 0)),
          accuracyM: BigInt(Math.round(where?.accuracyM ?? 0)),
        }),
      });
      batch.facts.push(delivered);
      for (const picture of [claim.signature, claim.photo]) if (picture) batch.pictures.push({ eventId: delivered.id, picture });
    }
    return batch;
  }

  private weighed = (parcel: string, massMg: bigint) =>
    this.fact(EventKind.WEIGHED, parcel, {
      weight: create(WeightSchema, {
        massMg,
        purpose: WeightPurpose.DELIVERY,
        typed: true,
        typedReason: "portable_scale_read",
        numberSent: kg(massMg),
        unitSent: "kg",
      }),
    });

  private collected(account: string, parcel: MyParcel, means: PaymentMeans, slip: string): ParcelEvent | undefined {
    const items = [
      { purpose: MoneyPurpose.COD, minor: parcel.codMinor },
      { purpose: MoneyPurpose.FREIGHT, minor: parcel.freightCollectMinor },
    ].filter((item) => item.minor > 0n);
    if (items.length === 0) return undefined;
    return this.fact(EventKind.MONEY_COLLECTED, parcel.parcel, {
      money: create(MoneyMoveSchema, {
        items: items.map((item) => create(MoneyItemSchema, { ...item, parcel: parcel.parcel, account })),
        currency: parcel.currency,
        means,
        courier: this.day.courier,
        depot: this.day.depot,
        slip: means === PaymentMeans.CASH ? "" : slip,
      }),
    });
  }

  failed(stop: MyStop, parcels: MyParcel[], refused: boolean, reason: string, action: string, photo: Picture | undefined): Batch {
    const batch: Batch = { facts: [], pictures: [] };
    for (const parcel of parcels) {
      const consent = action === "locker" ? this.fact(EventKind.CONSENT_RECORDED, parcel.parcel, { reason: "locker" }) : undefined;
      if (consent) batch.facts.push(consent);
      // Who does not pay the freight sends both ways' freight to the shipper's account (domain.md 4.5).
      if (refused && reason === "will_not_pay" && parcel.freightCollectMinor > 0n)
        batch.facts.push(this.freightRefused(stop.account, parcel));
      batch.facts.push(
        this.fact(refused ? EventKind.REFUSED : EventKind.ATTEMPT_FAILED, parcel.parcel, {
          reason,
          action,
          ...(consent ? { proof: create(DeliveryProofSchema, { consent: consent.id }) } : {}),
        }),
      );
      if (photo) this.taken(batch, parcel.parcel, "", photo, "attempt");
    }
    return batch;
  }

  private freightRefused = (account: string, parcel: MyParcel) =>
    this.fact(EventKind.COLLECTION_REFUSED, parcel.parcel, {
      money: create(MoneyMoveSchema, {
        items: [
          create(MoneyItemSchema, { purpose: MoneyPurpose.FREIGHT, minor: parcel.freightCollectMinor, parcel: parcel.parcel, account }),
        ],
        currency: parcel.currency,
        courier: this.day.courier,
        depot: this.day.depot,
      }),
    });

  wrongCode = (parcel: string): Batch => ({ facts: [this.fact(EventKind.CODE_WRONG, parcel)], pictures: [] });

  interceptSeen = (parcel: string, event: string): Batch => ({
    facts: [this.fact(EventKind.INTERCEPT_SEEN, parcel, { reference: event })],
    pictures: [],
  });

  pickedUp(stop: MyStop, parcels: number, identity: string, inspected: boolean, photo: Picture | undefined): Batch {
    const batch: Batch = {
      facts: [
        this.fact(EventKind.PICKUP_DONE, "", {
          reference: stop.stop,
          door: create(DoorVisitSchema, { parcels, identity, inspectionMark: inspected }),
        }),
      ],
      pictures: [],
    };
    if (photo) this.taken(batch, "", stop.stop, photo, "pickup");
    return batch;
  }

  notPickedUp = (stop: MyStop, refused: boolean, reason: string): Batch => ({
    facts: [
      this.fact(refused ? EventKind.PICKUP_REFUSED : EventKind.PICKUP_MISSED, "", {
        reference: stop.stop,
        reason,
        ...(refused ? { door: create(DoorVisitSchema, { parcels: 0, identity: "none" }) } : {}),
      }),
    ],
    pictures: [],
  });

  vehicleChecked = (good: Record<string, boolean>): Batch => ({
    facts: [
      this.fact(EventKind.VEHICLE_CHECKED, "", {
        reference: this.day.vehicle,
        checklist: create(ChecklistSchema, {
          id: "vehicle",
          items: Object.entries(good).map(([id, passed]) => create(ChecklistItemSchema, { id, passed })),
        }),
      }),
    ],
    pictures: [],
  });

  private taken(batch: Batch, parcel: string, reference: string, picture: Picture, subject: string) {
    const fact = this.fact(EventKind.PHOTO_TAKEN, parcel, {
      reference,
      photo: {
        $typeName: "kal.custody.v1.Photo",
        sha256: picture.sha256,
        length: BigInt(picture.content.length),
        mediaType: "image/jpeg",
        subject,
      },
    });
    batch.facts.push(fact);
    batch.pictures.push({ eventId: fact.id, picture });
  }

  // As the journal keeps them: the bytes that are sent are the bytes that were written when it happened.
  kept(batch: Batch): { facts: NewFact[]; pictures: KeptPicture[] } {
    const wallMs = Number(this.stamp.wallUs / 1000n);
    return {
      facts: batch.facts.map((fact) => ({
        id: hex(fact.id),
        kind: fact.kind,
        parcel: fact.parcel,
        reference: fact.reference,
        day: this.day.day,
        boot: this.stamp.boot,
        wallMs,
        body: toBinary(ParcelEventSchema, fact),
      })),
      pictures: batch.pictures.map(({ eventId, picture }) => ({
        key: `${hex(eventId)}/${hex(picture.sha256)}`,
        eventId: hex(eventId),
        sha256: picture.sha256,
        content: picture.content,
        wallMs,
      })),
    };
  }
}

const kg = (mg: bigint) => (Number(mg) / 1_000_000).toFixed(3);

const reasonOf = (to: HandedTo) => (to === HandedTo.AGENT ? "agent" : to === HandedTo.LOCKER ? "locker" : "station");
