import { useCallback, useRef } from "react";
import type { DayView, MovePreview, PlaceCost } from "../../gen/kal/dispatch/v1/runs_pb";
import { runs } from "./client";

export type AskOffers = (stop: string, courier: string) => Promise<MovePreview>;

// What the places of a run would cost a stop, asked once as long as the day is the same: a pointer that goes along a row asks nothing again.
export function useOffers(day: DayView): AskOffers {
  const known = useRef<{ of: DayView; offers: Map<string, Promise<MovePreview>> }>(undefined);
  return useCallback(
    (stop, courier) => {
      if (known.current?.of !== day) known.current = { of: day, offers: new Map() };
      const { offers } = known.current;
      const key = `${stop}|${courier}`;
      const asked = offers.get(key) ?? runs.previewMove({ depot: day.depot, day: day.day, stop, courier, position: -1 });
      offers.set(key, asked);
      asked.catch(() => offers.delete(key));
      return asked;
    },
    [day],
  );
}

// The offer of one place: -1 is the cheapest of the run. Undefined when the stop cannot be there.
export const offerAt = (preview: MovePreview, position: number): PlaceCost | undefined =>
  position < 0 ? preview.places[0] : preview.places.find((one) => one.position === position);
