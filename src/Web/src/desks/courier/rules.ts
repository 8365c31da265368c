import { PaymentMeans } from "../../gen/kal/custody/v1/money_pb";
import { HandedTo } from "../../gen/kal/custody/v1/proofs_pb";
import type { CodeCheck, MyParcel } from "../../gen/kal/dispatch/v1/courier_pb";
import type { Picture } from "./facts";

// What a delivery still lacks, told at the door where it can be mended: the same rules as Verdicts/Confirmations, which judge when the fact arrives.
export interface Claim {
  to: HandedTo;
  consented: boolean;
  inspectionOffered: boolean;
  codes: Record<string, string>;
  codesRight: Record<string, boolean | undefined>;
  signature: Picture | undefined;
  photo: Picture | undefined;
  weights: Record<string, bigint>;
  paid: boolean;
  means: PaymentMeans;
  slip: string;
}

export const nothingClaimed: Claim = {
  to: HandedTo.CONSIGNEE,
  consented: false,
  inspectionOffered: false,
  codes: {},
  codesRight: {},
  signature: undefined,
  photo: undefined,
  weights: {},
  paid: false,
  means: PaymentMeans.CASH,
  slip: "",
};

export const wrongCodesMax = 5;
export const freeAttempts = 2;

export interface Demand {
  code: boolean;
  signature: boolean;
  photo: boolean;
  weight: boolean;
  inspection: boolean;
  consent: boolean;
}

const isKept = (to: HandedTo) => to === HandedTo.LOCKER || to === HandedTo.PICKUP_POINT;

export function demandOf(parcels: MyParcel[], to: HandedTo): Demand {
  const any = (proof: string) => parcels.some((parcel) => parcel.proofs.includes(proof));
  return {
    code: any("code"),
    // A locker signs nothing: the photograph of its closed door stands for the signature.
    signature: any("signature") && !isKept(to),
    photo: any("photo") || (any("signature") && isKept(to)),
    weight: parcels.some((parcel) => parcel.reweigh),
    inspection: !isKept(to),
    consent: to !== HandedTo.CONSIGNEE,
  };
}

export interface Lack {
  code: string;
  parcel?: string;
}

export function lacks(parcels: MyParcel[], claim: Claim): Lack[] {
  const found: Lack[] = [];
  if (parcels.length === 0) return [{ code: "no_parcel" }];
  const demand = demandOf(parcels, claim.to);
  for (const parcel of parcels) {
    if (parcel.hold) found.push({ code: "held", parcel: parcel.parcel });
    if (parcel.intercept) found.push({ code: "intercepted", parcel: parcel.parcel });
    if (isKept(claim.to) && parcel.noLocker) found.push({ code: "locker_excluded", parcel: parcel.parcel });
    if (parcel.reweigh && claim.weights[parcel.parcel] === undefined) found.push({ code: "weight", parcel: parcel.parcel });
    else if (parcel.reweigh && weightDiffers(parcel, claim.weights[parcel.parcel]))
      found.push({ code: "weight_differs", parcel: parcel.parcel });
    if (parcel.proofs.includes("code")) {
      if (parcel.wrongCodes >= wrongCodesMax) found.push({ code: "code_locked", parcel: parcel.parcel });
      else if (claim.codesRight[parcel.parcel] === false) found.push({ code: "code_wrong", parcel: parcel.parcel });
      else if (!claim.codesRight[parcel.parcel]) found.push({ code: "code", parcel: parcel.parcel });
    }
  }
  if (demand.consent && !claim.consented) found.push({ code: "consent" });
  if (demand.inspection && !claim.inspectionOffered) found.push({ code: "inspection" });
  if (demand.signature && !claim.signature) found.push({ code: "signature" });
  if (demand.photo && !claim.photo) found.push({ code: "photo" });
  if (parcels.some((parcel) => parcel.codMinor > 0n || parcel.freightCollectMinor > 0n)) {
    if (!claim.paid) found.push({ code: "money" });
    else if (claim.means !== PaymentMeans.CASH && claim.slip.trim() === "") found.push({ code: "slip" });
  }
  return found;
}

// The band is the contract's, sent along for the weight that was handed on; without a reference nothing differs.
export function weightDiffers(parcel: MyParcel, massMg: bigint | undefined): boolean {
  if (massMg === undefined || parcel.handedOnMg === 0n) return false;
  const off = massMg > parcel.handedOnMg ? massMg - parcel.handedOnMg : parcel.handedOnMg - massMg;
  return off > parcel.integrityLimitMg;
}

// What may be done about a parcel that was not delivered (domain.md 4.1): two free attempts, then another place, a locker by consent, or back.
export function actionsFor(parcels: MyParcel[], refused: boolean): string[] {
  if (parcels.some((parcel) => parcel.intercept === "return")) return ["return", "hold"];
  const attempts = Math.max(0, ...parcels.map((parcel) => parcel.attempts)) + 1;
  const noLocker = parcels.some((parcel) => parcel.noLocker);
  return [
    ...(attempts < freeAttempts && !refused ? ["try_again"] : []),
    "redirect",
    ...(noLocker ? [] : ["locker"]),
    ...(refused || attempts >= freeAttempts ? ["return"] : []),
    "hold",
  ];
}

export const attemptReasons = ["nobody_there", "wrong_address", "phone_unreachable", "asked_other_day", "no_access", "weather", "other"];
export const refusalReasons = ["not_wanted", "damaged", "wrong_goods", "will_not_pay", "other"];
export const missedReasons = ["nobody_there", "not_ready", "closed", "other"];
export const doorRefusals = [
  "identity_missing",
  "inspection_refused",
  "prohibited_goods",
  "valuable_uninsured",
  "label_missing",
  "nothing_there",
];

// A right code told from a wrong one without network. The word that counts is the server's.
export async function isCode(check: CodeCheck, code: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveBits"]);
  const bits = new Uint8Array(
    await crypto.subtle.deriveBits(
      { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(check.salt), iterations: check.rounds },
      key,
      256,
    ),
  );
  return bits.length === check.hash.length && bits.every((byte, at) => byte === check.hash[at]);
}

// Whole milligrams out of kilograms as typed; undefined while that is no weight.
export function milligrams(text: string): bigint | undefined {
  const hit = /^\s*(\d{1,4})(?:[.,](\d{1,6}))?\s*$/.exec(text);
  if (!hit) return undefined;
  const mg = BigInt(hit[1] ?? "0") * 1_000_000n + BigInt((hit[2] ?? "").padEnd(6, "0"));
  return mg > 0n ? mg : undefined;
}
