import { Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import type { RunView } from "../../gen/kal/dispatch/v1/runs_pb";
import type { DayModel } from "./dayModel";
import { RunRow, type Tip, TipCard } from "./RunRow";
import { type Span, share, ticksOf, within } from "./timeScale";
import type { Drag, StartDrag } from "./useDrag";
import { clock } from "./words";

const kinds = ["delivery", "pickup", "late", "done", "failed"] as const;
const zooms = [1, 2, 4];
const labelWidth = 300;
const nowLabelShare = 8.5;

interface Props {
  model: DayModel;
  span: Span;
  nowUs: number;
  selected: string;
  drag: Drag | undefined;
  possible: boolean | undefined;
  onSelect: (stop: string) => void;
  startDrag: StartDrag;
  onAbsent: ((run: RunView) => void) | undefined;
}

// The runs of a day along the time, a row a courier.
export function RunChart({ model, span, nowUs, selected, drag, possible, onSelect, startDrag, onAbsent }: Props) {
  const { t } = useTranslation();
  const [zoom, setZoom] = useState(1);
  const [tip, setTip] = useState<Tip>();
  const ticks = useMemo(() => ticksOf(span, zoom), [span, zoom]);
  const { runs } = model.view;
  // The label of the present would stand on those beside it.
  const nearNow = (at: number) => within(span, nowUs) && Math.abs(share(span, at) - share(span, nowUs)) < nowLabelShare / zoom;
  return (
    <section className="dispatch-card chart-card" aria-label={t("dispatch.runs")} data-card="runs">
      <header className="card-head">
        <h2>{t("dispatch.runs")}</h2>
        <span className="quiet-text">
          {t(`dispatch.stops`, { count: model.view.stops.length })} · {t("dispatch.done_of", { done: model.done })}
          {model.failed > 0 && <> · {t("dispatch.failed_of", { failed: model.failed })}</>}
        </span>
        <ul className="legend">
          {kinds.map((kind) => (
            <li key={kind}>
              <i className={`block ${kind}`} /> {t(`dispatch.kind_${kind}`)}
            </li>
          ))}
        </ul>
        <Segmented
          size="small"
          value={zoom}
          aria-label={t("dispatch.zoom")}
          options={zooms.map((value) => ({ value, label: value === 1 ? t("dispatch.whole_day") : `×${value}` }))}
          onChange={setZoom}
        />
      </header>
      {runs.length === 0 ? (
        <p className="nothing">{t("dispatch.no_couriers")}</p>
      ) : (
        <div className="run-scroll">
          <div className="run-grid" style={{ width: `calc(${labelWidth}px + (100% - ${labelWidth}px) * ${zoom})` }}>
            <div className="run-axis" aria-hidden="true">
              <div className="run-label" />
              <div className="run-track">
                {ticks.map((at) => (
                  <span key={at} className={nearNow(at) ? "covered" : ""} style={{ left: `${share(span, at)}%` }}>
                    {clock(at, language())}
                  </span>
                ))}
                {within(span, nowUs) && (
                  <b className="now-label" style={{ left: `clamp(44px, ${share(span, nowUs)}%, calc(100% - 44px))` }}>
                    {t("dispatch.now")} {clock(nowUs, language())}
                  </b>
                )}
              </div>
            </div>
            {runs.map((run) => (
              <RunRow
                key={run.courier}
                model={model}
                run={run}
                span={span}
                ticks={ticks}
                nowUs={nowUs}
                selected={selected}
                target={drag?.over?.courier === run.courier ? drag.over.position : undefined}
                possible={drag?.over?.courier === run.courier ? possible : undefined}
                moving={drag?.stop ?? ""}
                onSelect={onSelect}
                onTip={setTip}
                startDrag={startDrag}
                onAbsent={onAbsent}
              />
            ))}
          </div>
        </div>
      )}
      {tip && !drag && <TipCard model={model} tip={tip} />}
    </section>
  );
}
