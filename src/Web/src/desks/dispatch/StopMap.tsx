import { Button } from "antd";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DayModel } from "./dayModel";
import { drawMap, placesOf, pointsOf } from "./drawMap";
import { fitted, lengthText, nearest, panned, scaleBar, type View } from "./projection";
import type { StartDrag } from "./useDrag";

const radius = 12;
const zoomStep = 1.5;

interface Props {
  model: DayModel;
  selected: string;
  onSelect: (stop: string) => void;
  startDrag: StartDrag;
}

// The stops and runs of a day on a plain plane, without tiles: nothing of where parcels go leaves the house.
export function StopMap({ model, selected, onSelect, startDrag }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  // Undefined: the whole day, fitted.
  const [own, setOwn] = useState<View>();
  const pull = useRef<{ x: number; y: number; view: View; moved: boolean }>(undefined);
  const { depot, day } = model.view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another depot or day is another map
  useEffect(() => setOwn(undefined), [depot, day]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const { width, height } = size;
  const view = useMemo(() => own ?? fitted(placesOf(model), width, height), [own, model, width, height]);
  useEffect(() => {
    const element = canvas.current;
    const ctx = element?.getContext("2d");
    if (!element || !ctx || width === 0) return;
    // As sharp as the screen: a canvas point is not a pixel.
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMap(ctx, model, view, width, height, selected);
  }, [model, view, width, height, selected]);

  const under = (event: PointerEvent) => {
    const at = event.currentTarget.getBoundingClientRect();
    return nearest(pointsOf(model, view, width, height), event.clientX - at.left, event.clientY - at.top, radius)?.stop;
  };
  const down = (event: PointerEvent) => {
    const stop = under(event);
    if (stop) return startDrag(event, stop);
    pull.current = { x: event.clientX, y: event.clientY, view, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const from = pull.current;
    if (from) {
      from.moved = true;
      setOwn(panned(from.view, event.clientX - from.x, event.clientY - from.y));
    } else if (canvas.current) canvas.current.style.cursor = under(event) ? "pointer" : "grab";
  };
  const zoom = (by: number) => setOwn({ ...view, pixelsPerMetre: view.pixelsPerMetre * by });
  const bar = scaleBar(view, 140);
  const lost = model.view.stops.filter((stop) => !stop.placed).length;
  return (
    <div className="stop-map" ref={box} data-card="map">
      <canvas
        ref={canvas}
        style={{ width, height }}
        role="img"
        aria-label={t("dispatch.map_says", { stops: model.view.stops.length, runs: model.view.runs.length })}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          pull.current = undefined;
        }}
        onClick={(event) => {
          const stop = under(event as unknown as PointerEvent);
          if (stop) onSelect(stop);
        }}
      />
      <div className="map-tools">
        <Button size="small" aria-label={t("dispatch.nearer")} onClick={() => zoom(zoomStep)}>
          +
        </Button>
        <Button size="small" aria-label={t("dispatch.further")} onClick={() => zoom(1 / zoomStep)}>
          −
        </Button>
        <Button size="small" onClick={() => setOwn(undefined)}>
          {t("dispatch.whole_map")}
        </Button>
      </div>
      <div className="scale-bar numbers" style={{ width: bar.pixels }}>
        {lengthText(bar.metres)}
      </div>
      <ul className="legend map-legend">
        <li>
          <i className="glyph home" /> {t("dispatch.glyph_home")}
        </li>
        <li>
          <i className="glyph round" /> {t("dispatch.delivery")}
        </li>
        <li>
          <i className="glyph square" /> {t("dispatch.pickup")}
        </li>
        <li>
          <i className="glyph diamond" /> {t("dispatch.unassigned")}
        </li>
      </ul>
      {lost > 0 && <p className="map-note">{t(`dispatch.unplaced`, { count: lost })}</p>}
    </div>
  );
}
