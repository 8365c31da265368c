import type { MyStop } from "../../gen/kal/dispatch/v1/courier_pb";
import type { Where } from "./facts";
import { metresBetween } from "./round";

// How far from the door, as the phone says it: a signal, never a verdict, and nobody waits for it.
export async function whereAmI(stop: MyStop): Promise<Where | undefined> {
  if ((stop.longitudeE5 === 0 && stop.latitudeE5 === 0) || !("geolocation" in navigator)) return undefined;
  const allowed = await navigator.permissions?.query({ name: "geolocation" }).catch(() => undefined);
  if (allowed?.state === "denied") return undefined;
  return new Promise((done) => {
    const late = setTimeout(() => done(undefined), 1_500);
    navigator.geolocation.getCurrentPosition(
      (at) => {
        clearTimeout(late);
        done({
          distanceM: metresBetween(stop.latitudeE5, stop.longitudeE5, at.coords.latitude, at.coords.longitude),
          accuracyM: at.coords.accuracy,
        });
      },
      () => {
        clearTimeout(late);
        done(undefined);
      },
      { maximumAge: 60_000, timeout: 1_400 },
    );
  });
}
