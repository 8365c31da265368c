import type { WeightFigures } from "../../gen/kal/cases/v1/history_pb";

export interface Tolerance {
  referenceMg: bigint;
  limitMg: bigint;
}

// What the verdict compared with and what it allowed: the last custodian's weight where the parcel's integrity was in question, else the declared one.
export function toleranceOf(weights: Pick<WeightFigures, "verdict" | "cause">): Tolerance | undefined {
  const verdict = weights.verdict;
  if (!verdict) return undefined;
  if (weights.cause.startsWith("integrity") && verdict.hasHandedOn)
    return { referenceMg: verdict.handedOnMg, limitMg: verdict.integrityLimitMg };
  if (verdict.hasDeclared) return { referenceMg: verdict.declaredMg, limitMg: verdict.billingLimitMg };
  return verdict.hasHandedOn ? { referenceMg: verdict.handedOnMg, limitMg: verdict.integrityLimitMg } : undefined;
}
