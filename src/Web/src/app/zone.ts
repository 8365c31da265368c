import { useEffect, useSyncExternalStore } from "react";
import { onZoneShown, showTimesIn, zoneShown } from "../format/figures";

// Contracts, their days and their promises are in this zone unless they say otherwise (ContractReader.ZoneDefault).
export const officeZone = "Asia/Shanghai";

// Due times beside the days they count in: both in one zone, wherever the reader is. The frame's foot names it.
export function useZone(zone = officeZone) {
  useEffect(() => {
    showTimesIn(zone);
    return () => showTimesIn(undefined);
  }, [zone]);
  return useSyncExternalStore(onZoneShown, zoneShown);
}
