import { blockKind, type DayModel } from "./dayModel";
import { type Place, type Point, project, type View } from "./projection";

export interface MapPoint extends Point {
  stop: string;
}

const late = "#dc2626";
const chosen = "#f59e0b";
const ink = "#0f172a";
const quiet = 0.35;

// Where every stop lies on the canvas; those nobody placed stand at the depot and are not drawn as doors.
export function pointsOf(model: DayModel, view: View, width: number, height: number): MapPoint[] {
  return model.view.stops.filter((stop) => stop.placed).map((stop) => ({ stop: stop.stop, ...project(stop, view, width, height) }));
}

export function placesOf(model: DayModel): Place[] {
  return [
    ...model.view.stops.filter((stop) => stop.placed),
    ...model.view.runs.filter((run) => run.longitudeE5 !== 0 || run.latitudeE5 !== 0),
  ];
}

// Draws the day: each run from its start through its stops and back, then the doors, then what is selected.
export function drawMap(ctx: CanvasRenderingContext2D, model: DayModel, view: View, width: number, height: number, selected: string) {
  ctx.clearRect(0, 0, width, height);
  const points = new Map(pointsOf(model, view, width, height).map((point) => [point.stop, point]));
  const own = model.placeOf.get(selected)?.run.courier;
  for (const run of model.view.runs) {
    const start = project(run, view, width, height);
    const doors = run.visits.map((visit) => points.get(visit.stop)).filter((point) => point !== undefined);
    const colour = model.colourOf.get(run.courier) ?? ink;
    ctx.globalAlpha = own && own !== run.courier ? quiet : 1;
    line(ctx, doors.length > 0 ? [start, ...doors, start] : [], colour, own === run.courier ? 2.5 : 1.6);
    home(ctx, start, colour);
  }
  for (const point of points.values()) {
    const placed = model.placeOf.get(point.stop);
    ctx.globalAlpha = own && placed && own !== placed.run.courier ? quiet : 1;
    door(ctx, point, model);
  }
  ctx.globalAlpha = 1;
  if (own) numbers(ctx, model, own, points);
  const at = points.get(selected);
  if (at) ring(ctx, at, 10, chosen, 4);
}

function line(ctx: CanvasRenderingContext2D, points: Point[], colour: string, width: number) {
  ctx.beginPath();
  points.forEach((point, index) => void (index === 0 ? ctx.moveTo(point.x, point.y) : ctx.lineTo(point.x, point.y)));
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.stroke();
}

function ring(ctx: CanvasRenderingContext2D, { x, y }: Point, radius: number, colour: string, width: number) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

function home(ctx: CanvasRenderingContext2D, { x, y }: Point, colour: string) {
  ctx.beginPath();
  ctx.rect(x - 6, y - 6, 12, 12);
  ctx.fillStyle = "#fff";
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2.5;
  ctx.stroke();
}

// Deliveries are round, pickups square, what is done is hollow; late and unassigned stand out in red.
function door(ctx: CanvasRenderingContext2D, point: MapPoint, model: DayModel) {
  const stop = model.stopOf.get(point.stop);
  const placed = model.placeOf.get(point.stop);
  const kind = blockKind(stop, placed?.visit ?? { done: false, lateSeconds: 0n });
  const open = kind !== "done" && kind !== "failed";
  const unassigned = !placed && open;
  const colour = unassigned ? late : ((placed && model.colourOf.get(placed.run.courier)) ?? "#64748b");
  const size = 5;
  ctx.beginPath();
  if (unassigned) {
    ctx.moveTo(point.x, point.y - 8);
    ctx.lineTo(point.x + 8, point.y);
    ctx.lineTo(point.x, point.y + 8);
    ctx.lineTo(point.x - 8, point.y);
    ctx.closePath();
  } else if (stop?.kind === "pickup") ctx.rect(point.x - size, point.y - size, 2 * size, 2 * size);
  else ctx.arc(point.x, point.y, size, 0, 2 * Math.PI);
  ctx.fillStyle = open ? colour : "#fff";
  ctx.fill();
  ctx.strokeStyle = open ? "#fff" : colour;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  if (kind === "late") ring(ctx, point, 8, late, 2.5);
}

// The order of the selected run, so that one can follow it.
function numbers(ctx: CanvasRenderingContext2D, model: DayModel, courier: string, points: Map<string, MapPoint>) {
  ctx.font = "11px system-ui, sans-serif";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3;
  ctx.strokeStyle = "rgba(255, 255, 255, 0.9)";
  ctx.fillStyle = ink;
  model.runOf.get(courier)?.visits.forEach((visit, index) => {
    const at = points.get(visit.stop);
    if (!at) return;
    ctx.strokeText(String(index + 1), at.x + 8, at.y - 8);
    ctx.fillText(String(index + 1), at.x + 8, at.y - 8);
  });
}
