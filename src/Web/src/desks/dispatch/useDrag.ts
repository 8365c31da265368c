import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from "react";
import type { MovePreview } from "../../gen/kal/dispatch/v1/runs_pb";
import { canMove, type DayModel } from "./dayModel";
import { type AskOffers, offerAt } from "./offers";
import { dropPosition, type Span, timeAt } from "./timeScale";

// From here on it is a drag and no longer a click.
const threshold = 5;

export interface Over {
  courier: string;
  position: number;
}

export interface Drag {
  stop: string;
  x: number;
  y: number;
  over: Over | undefined;
  // Undefined while it is being asked.
  preview: MovePreview | undefined;
  failed: boolean;
}

interface Wanted {
  model: DayModel;
  span: Span;
  allowed: boolean;
  ask: AskOffers;
  onDrop: (stop: string, over: Over, preview: MovePreview) => void;
}

// What lies under the pointer: a run, and in it a place by time; beside the times, the run's cheapest place.
function placeUnder(x: number, y: number, stop: string, { model, span }: Wanted): Over | undefined {
  const row = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-run]");
  const run = row && model.runOf.get(row.dataset.run ?? "");
  const track = row?.querySelector("[data-track]")?.getBoundingClientRect();
  if (!run || run.absent || !track) return undefined;
  const label = row?.querySelector("[data-label]")?.getBoundingClientRect();
  if (x < Math.max(track.left, label?.right ?? 0)) return { courier: run.courier, position: -1 };
  return { courier: run.courier, position: dropPosition(run.visits, timeAt(span, track.left, track.width, x), stop) };
}

// The click that ends a drag is not a click.
function swallowClick() {
  const stop = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", stop, { capture: true }), 0);
}

// A stop pulled with the mouse onto a run: what the place costs is known before it is let go.
export function useDrag(wanted: Wanted) {
  const [drag, setDrag] = useState<Drag>();
  const now = useRef<Drag>(undefined);
  const latest = useRef(wanted);
  latest.current = wanted;
  const end = useRef<() => void>(() => {});
  useEffect(() => () => end.current(), []);

  const start = useCallback((event: ReactPointerEvent, stop: string) => {
    if (event.button !== 0 || event.pointerType === "touch" || !latest.current.allowed || !canMove(latest.current.model, stop)) return;
    const [fromX, fromY] = [event.clientX, event.clientY];
    const put = (next: Drag | undefined) => {
      now.current = next;
      setDrag(next);
    };
    const asked = (courier: string) => {
      latest.current.ask(stop, courier).then(
        (preview) => now.current?.over?.courier === courier && put({ ...now.current, preview, failed: false }),
        () => now.current?.over?.courier === courier && put({ ...now.current, failed: true }),
      );
    };
    const move = (at: PointerEvent) => {
      if (!now.current && Math.hypot(at.clientX - fromX, at.clientY - fromY) < threshold) return;
      const over = placeUnder(at.clientX, at.clientY, stop, latest.current);
      const same = over?.courier === now.current?.over?.courier;
      const preview = same ? now.current?.preview : undefined;
      put({ stop, x: at.clientX, y: at.clientY, over, preview, failed: same ? (now.current?.failed ?? false) : false });
      if (over && !same) asked(over.courier);
    };
    const finish = (dropped: boolean) => {
      const last = now.current;
      end.current();
      if (!last) return;
      swallowClick();
      if (dropped && last.over && last.preview) latest.current.onDrop(stop, last.over, last.preview);
    };
    const up = () => finish(true);
    const key = (pressed: KeyboardEvent) => pressed.key === "Escape" && finish(false);
    const cancel = () => finish(false);
    end.current = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", key);
      put(undefined);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", key);
  }, []);
  const offer = drag?.over && drag.preview ? offerAt(drag.preview, drag.over.position) : undefined;
  return { drag, offer, start };
}

export type StartDrag = ReturnType<typeof useDrag>["start"];
