// A clock as a bar shows it: how much of its time is gone, and how urgent that is. The marks are those at which it is escalated.
export const marks = [50, 80, 100];

export type Tone = "good" | "warn" | "bad" | "over" | "off";

export interface ClockAt {
  percent: number;
  tone: Tone;
  leftUs: bigint;
}

export function clockAt(startedUs: bigint, dueUs: bigint, nowUs: bigint, still?: "paused" | "stopped", pausedUs = 0n): ClockAt {
  const at = still === "paused" && pausedUs > 0n ? pausedUs : nowUs;
  const whole = dueUs - startedUs;
  const gone = at - startedUs;
  const percent = whole <= 0n ? 100 : Math.max(0, Number((gone * 1000n) / whole) / 10);
  const leftUs = dueUs - at;
  if (still) return { percent: Math.min(100, percent), tone: "off", leftUs };
  const tone = percent >= 100 ? "over" : percent >= 80 ? "bad" : percent >= 50 ? "warn" : "good";
  return { percent: Math.min(100, percent), tone, leftUs };
}
