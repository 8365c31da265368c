import type { VersionSummary } from "../../gen/kal/contracts/v1/contracts_pb";

type Dated = Pick<VersionSummary, "version" | "effectiveFromUs" | "effectiveUntilUs">;
const dayMs = 86_400_000;

// Where each version stands on a line of time, in percent. What has no beginning or end reaches the line's end; a version without any date stands from today.
export function bands<T extends Dated>(versions: T[], nowMs: number) {
  const ms = (us: bigint) => Number(us / 1000n);
  const dates = versions
    .flatMap((one) => [one.effectiveFromUs, one.effectiveUntilUs])
    .filter((us) => us > 0n)
    .map(ms);
  const first = Math.min(nowMs - 90 * dayMs, ...dates);
  const last = Math.max(nowMs + 120 * dayMs, ...dates.map((date) => date + 30 * dayMs));
  const at = (date: number) => Math.min(100, Math.max(0, ((date - first) / (last - first)) * 100));
  const rows = [...versions]
    .sort((a, b) => a.version - b.version)
    .map((version) => {
      const undated = version.effectiveFromUs === 0n && version.effectiveUntilUs === 0n;
      const left = undated ? at(nowMs) : version.effectiveFromUs ? at(ms(version.effectiveFromUs)) : 0;
      const right = version.effectiveUntilUs ? at(ms(version.effectiveUntilUs)) : 100;
      return {
        version,
        left,
        width: Math.max(2, right - left),
        openEnd: version.effectiveUntilUs === 0n,
        openStart: version.effectiveFromUs === 0n,
      };
    });
  const years: { label: string; left: number }[] = [];
  for (let year = new Date(first).getUTCFullYear(); year <= new Date(last).getUTCFullYear(); year++)
    for (const month of last - first > 900 * dayMs ? [0] : [0, 3, 6, 9]) {
      const date = Date.UTC(year, month, 1);
      if (date >= first && date <= last)
        years.push({ label: month === 0 ? String(year) : `${year}-${String(month + 1).padStart(2, "0")}`, left: at(date) });
    }
  return { rows, nowAt: at(nowMs), years };
}
