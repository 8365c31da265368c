// What a price's trace says of the weight: the replayable record that the rating program writes, as a picture needs it.
export interface Weighed {
  count: number;
  actualMg: bigint;
  volumeMg: bigint;
  largerMg: bigint;
  firstMg: bigint;
  billsMg: bigint;
  divisor: number;
  rounding: string;
  roundBy: number;
  readOn: string;
}

export interface Traced {
  weighed: Weighed[];
  zone: { clause: string; row: string; zone: string } | undefined;
}

interface Step {
  step?: string;
  count?: number;
  actual?: number;
  volume?: number;
  divisor?: number;
  bills?: number;
  first?: number;
  round?: string;
  round_by?: number;
  read_on?: string;
  clause?: string;
  row?: string;
  zone?: string;
}

// Whole milligrams fit a double up to nine million tonnes, so that reading them as numbers loses nothing.
export function readTrace(json: string): Traced {
  if (!json) return { weighed: [], zone: undefined };
  let steps: Step[];
  try {
    steps = (JSON.parse(json) as { steps?: Step[] }).steps ?? [];
  } catch {
    return { weighed: [], zone: undefined };
  }
  const zone = steps.find((one) => one.step === "zone");
  return {
    weighed: steps
      .filter((one) => one.step === "weigh")
      .map((one) => {
        const actualMg = BigInt(one.actual ?? 0);
        // mm³ over (cm³ a kilogram) is thousands of milligrams.
        const volumeMg = one.divisor ? (BigInt(one.volume ?? 0) * 1000n) / BigInt(one.divisor) : 0n;
        return {
          count: one.count ?? 1,
          actualMg,
          volumeMg,
          largerMg: actualMg > volumeMg ? actualMg : volumeMg,
          firstMg: BigInt(one.first ?? 0),
          billsMg: BigInt(one.bills ?? 0),
          divisor: one.divisor ?? 0,
          rounding: one.round ?? "",
          roundBy: one.round_by ?? 0,
          readOn: one.read_on ?? "",
        };
      }),
    zone: zone && { clause: zone.clause ?? "", row: zone.row ?? "", zone: zone.zone ?? "" },
  };
}
