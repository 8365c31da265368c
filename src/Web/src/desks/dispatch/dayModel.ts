import type { DayView, RunView, StopView, UnassignedView, VisitView } from "../../gen/kal/dispatch/v1/runs_pb";
import { courierColour } from "./words";

export interface Placed {
  run: RunView;
  position: number;
  visit: VisitView;
}

// A day with what is asked of it all the time: stops by id, where each stands, each courier's colour and name.
export interface DayModel {
  view: DayView;
  stopOf: ReadonlyMap<string, StopView>;
  placeOf: ReadonlyMap<string, Placed>;
  runOf: ReadonlyMap<string, RunView>;
  colourOf: ReadonlyMap<string, string>;
  nameOf: ReadonlyMap<string, string>;
  whyNot: ReadonlyMap<string, UnassignedView>;
  done: number;
  failed: number;
}

export function modelOf(view: DayView, names: ReadonlyMap<string, string>): DayModel {
  const placeOf = new Map<string, Placed>();
  for (const run of view.runs) run.visits.forEach((visit, position) => void placeOf.set(visit.stop, { run, position, visit }));
  return {
    view,
    stopOf: new Map(view.stops.map((stop) => [stop.stop, stop])),
    placeOf,
    runOf: new Map(view.runs.map((run) => [run.courier, run])),
    colourOf: new Map(view.runs.map((run, index) => [run.courier, courierColour(index)])),
    nameOf: new Map(view.runs.map((run) => [run.courier, names.get(run.courier) ?? run.courier])),
    whyNot: new Map(view.unassigned.map((one) => [one.stop, one])),
    done: view.stops.filter((stop) => stop.state === "done").length,
    failed: view.stops.filter((stop) => stop.state === "failed").length,
  };
}

export type BlockKind = "failed" | "done" | "late" | "pickup" | "delivery";

// What a block is shown as; lateness before kind, because it is what somebody has to do something about.
export function blockKind(stop: StopView | undefined, visit: Pick<VisitView, "done" | "lateSeconds">): BlockKind {
  if (stop?.state === "failed") return "failed";
  if (visit.done || stop?.state === "done") return "done";
  if (visit.lateSeconds > 0n) return "late";
  return stop?.kind === "pickup" ? "pickup" : "delivery";
}

// What has to be done soonest stands first; what nobody waits for stands last.
export function worstFirst(view: DayView): UnassignedView[] {
  const stopOf = new Map(view.stops.map((stop) => [stop.stop, stop]));
  const due = (one: UnassignedView) => {
    const stop = stopOf.get(one.stop);
    const times = [stop?.untilUs ?? 0n, stop?.promisedUs ?? 0n].filter((us) => us > 0n).map(Number);
    return times.length > 0 ? Math.min(...times) : Number.MAX_SAFE_INTEGER;
  };
  return view.unassigned
    .map((one) => ({ one, at: due(one) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

export const nameIn = (model: DayModel, courier: string) => model.nameOf.get(courier) ?? courier;

// Only what is still to be done can be moved.
export const canMove = (model: DayModel, stop: string) => model.stopOf.get(stop)?.state === "open" && !model.placeOf.get(stop)?.visit.done;
