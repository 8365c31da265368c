import { useEffect, useRef } from "react";
import type { MyStop } from "../../gen/kal/dispatch/v1/courier_pb";
import type { Where } from "./facts";
import { metresBetween } from "./round";

// How far from the door, as the phone says it: a signal, never a verdict. It is looked for while the form is filled in, and nobody waits for it.
export function useWhere(stop: MyStop): () => Where | undefined {
  const known = useRef<Where>(undefined);
  useEffect(() => {
    if ((stop.longitudeE5 === 0 && stop.latitudeE5 === 0) || !("geolocation" in navigator)) return;
    navigator.geolocation.getCurrentPosition(
      (at) => {
        known.current = {
          distanceM: metresBetween(stop.latitudeE5, stop.longitudeE5, at.coords.latitude, at.coords.longitude),
          accuracyM: at.coords.accuracy,
        };
      },
      () => undefined,
      { enableHighAccuracy: true, maximumAge: 60_000, timeout: 60_000 },
    );
  }, [stop.latitudeE5, stop.longitudeE5]);
  return () => known.current;
}
