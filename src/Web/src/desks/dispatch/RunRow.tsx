import { Button, Tag } from "antd";
import { type KeyboardEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import type { RunView, StopView } from "../../gen/kal/dispatch/v1/runs_pb";
import { blockKind, type DayModel, nameIn } from "./dayModel";
import { gapAt, type Span, share, within } from "./timeScale";
import type { StartDrag } from "./useDrag";
import { clock, kilometres, lateText, shortId, windowText } from "./words";

export interface Tip {
  stop: string;
  x: number;
  y: number;
}

interface Props {
  model: DayModel;
  run: RunView;
  span: Span;
  ticks: number[];
  nowUs: number;
  selected: string;
  // The place that a dragged stop would take in this run: a position, -1 for the cheapest; undefined when it is not over this run.
  target: number | undefined;
  moving: string;
  possible: boolean | undefined;
  onSelect: (stop: string) => void;
  onTip: (tip: Tip | undefined) => void;
  startDrag: StartDrag;
  onAbsent: ((run: RunView) => void) | undefined;
}

const sheetColour: Record<string, string> = { drawn: "blue", released: "green", closed: "default" };

// Left and right go along a run, so that a row is one stop of the tab key.
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step) return;
  const blocks = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button[data-stop]")];
  const next = blocks[blocks.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

// One courier's day as a row: who, how much, and every visit where it stands in time.
export const RunRow = memo(function RunRow(props: Props) {
  const { model, run, span, ticks, nowUs, target, moving, possible } = props;
  const held = model.placeOf.get(props.selected)?.run.courier === run.courier ? props.selected : run.visits[0]?.stop;
  const asked = model.stopOf.get(props.selected);
  const state = target === undefined ? "" : possible === false ? "target impossible" : "target";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of the chart's grid, drawn by hand
    <div
      className={`run-row ${state} ${run.absent ? "absent" : ""}`}
      data-run={run.courier}
      role="group"
      aria-label={nameIn(model, run.courier)}
    >
      <RunLabel {...props} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys of the buttons in it */}
      <div className="run-track" data-track onKeyDown={walk}>
        <i className="shift" style={{ left: `${share(span, run.shiftFromUs)}%`, right: `${100 - share(span, run.shiftUntilUs)}%` }} />
        {ticks.map((at) => (
          <i key={at} className="tick" style={{ left: `${share(span, at)}%` }} />
        ))}
        {asked && asked.fromUs > 0n && held === props.selected && <Window stop={asked} span={span} />}
        {run.visits.map((visit) => (
          <Block key={visit.stop} {...props} visit={visit} tabbable={visit.stop === held} />
        ))}
        {within(span, nowUs) && <i className="now" style={{ left: `${share(span, nowUs)}%` }} />}
        {target !== undefined && target >= 0 && <i className="drop" style={{ left: `${share(span, gapAt(run, target, moving))}%` }} />}
      </div>
    </div>
  );
});

function Window({ stop, span }: { stop: StopView; span: Span }) {
  return <i className="stop-window" style={{ left: `${share(span, stop.fromUs)}%`, right: `${100 - share(span, stop.untilUs)}%` }} />;
}

function RunLabel({ model, run, onAbsent }: Props) {
  const { t } = useTranslation();
  const name = nameIn(model, run.courier);
  return (
    <div className="run-label" data-label>
      <span className="run-who">
        <i className="swatch" style={{ background: model.colourOf.get(run.courier) }} />
        <b title={run.courier}>{name}</b>
        <small title={run.vehicle}>{run.vehicle}</small>
        {onAbsent && (
          <Button
            size="small"
            type={run.absent ? "primary" : "default"}
            danger={run.absent}
            aria-pressed={run.absent}
            aria-label={t("dispatch.absent_of", { name })}
            data-act="absent"
            onClick={() => onAbsent(run)}
          >
            {t("dispatch.absent")}
          </Button>
        )}
        {!onAbsent && run.absent && <Tag color="red">{t("dispatch.absent")}</Tag>}
      </span>
      <span className="run-sums numbers">
        {run.visits.length === 0 ? (
          t("dispatch.no_stops")
        ) : (
          <>
            {t(`dispatch.stops`, { count: run.visits.length })} · {t("dispatch.km", { value: kilometres(run.metres) })} ·{" "}
            {t("dispatch.points", { value: run.points })}
          </>
        )}
        {run.lateParcels > 0 && <b className="bad-text"> · {t("dispatch.late_count", { late: run.lateParcels })}</b>}
        {run.sheetState && (
          <Tag color={sheetColour[run.sheetState] ?? "default"} title={run.sheet}>
            {t(`dispatch.sheet_${run.sheetState}`, { defaultValue: run.sheetState })}
          </Tag>
        )}
      </span>
    </div>
  );
}

function Block({
  model,
  run,
  span,
  visit,
  tabbable,
  selected,
  moving,
  onSelect,
  onTip,
  startDrag,
}: Props & { visit: RunView["visits"][number]; tabbable: boolean }) {
  const { t } = useTranslation();
  const stop = model.stopOf.get(visit.stop);
  const kind = blockKind(stop, visit);
  const from = share(span, visit.startUs);
  const show = (element: HTMLElement) => {
    const box = element.getBoundingClientRect();
    onTip({ stop: visit.stop, x: box.left + box.width / 2, y: box.bottom });
  };
  return (
    <button
      type="button"
      className={`block ${kind} ${visit.stop === selected ? "selected" : ""} ${visit.stop === moving ? "moving" : ""}`}
      style={{ left: `${from}%`, width: `${share(span, visit.departureUs) - from}%` }}
      data-stop={visit.stop}
      data-kind={kind}
      tabIndex={tabbable ? 0 : -1}
      aria-pressed={visit.stop === selected}
      aria-label={`${stop ? t(`dispatch.${stop.kind}`) : ""} ${visit.stop}, ${clock(visit.startUs, language())}, ${nameIn(model, run.courier)}`}
      onClick={() => onSelect(visit.stop)}
      onPointerDown={(event) => startDrag(event, visit.stop)}
      onPointerEnter={(event) => show(event.currentTarget)}
      onPointerLeave={() => onTip(undefined)}
      onFocus={(event) => show(event.currentTarget)}
      onBlur={() => onTip(undefined)}
    />
  );
}

// What a block says when one points at it.
export function TipCard({ model, tip }: { model: DayModel; tip: Tip }) {
  const { t } = useTranslation();
  const stop = model.stopOf.get(tip.stop);
  const placed = model.placeOf.get(tip.stop);
  if (!stop || !placed) return null;
  const { visit } = placed;
  const left = Math.min(Math.max(tip.x, 150), window.innerWidth - 150);
  return (
    <div className="dispatch-tip" role="tooltip" style={{ left, top: tip.y + 8 }}>
      <b>
        {placed.position + 1}. {t(`dispatch.${stop.kind}`)} <span className="mono">{shortId(stop.stop)}</span>
      </b>
      <span className="numbers">
        {clock(visit.startUs, language())}–{clock(visit.departureUs, language())} · {t(`dispatch.parcels`, { count: stop.count })}
      </span>
      {stop.fromUs > 0n && (
        <span className="numbers">
          {t("dispatch.window")} {windowText(t, stop.fromUs, stop.untilUs, model.view.day, language())}
        </span>
      )}
      {visit.lateSeconds > 0n && <span className="late">{t("dispatch.late_by", { late: lateText(t, visit.lateSeconds) })}</span>}
      {stop.state !== "open" && <span>{t(`dispatch.state_${stop.state}`)}</span>}
    </div>
  );
}
