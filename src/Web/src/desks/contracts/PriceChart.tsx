import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { kilograms, money } from "../../format/figures";
import type { TariffCurves } from "../../gen/kal/contracts/v1/price_curves_pb";

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const colours = ["#14532d", "#1d4ed8", "#b45309", "#7c3aed", "#be185d", "#0e7490", "#4d7c0f", "#475569"];

// What a piece costs by its weight, a line a zone, as the rating program has it. A line ends where nothing heavier is carried.
export default function PriceChart({ curves, currency }: { curves: TariffCurves; currency: string }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    const chart = echarts.init(box.current, undefined, { renderer: "svg" });
    const name = (zones: string[]) => (zones.length > 0 ? zones.join(", ") : t("contract.any_zone"));
    chart.setOption({
      animation: false,
      color: colours,
      grid: { left: 48, right: 14, top: curves.zones.length > 1 ? 34 : 14, bottom: 34 },
      ...(curves.zones.length > 1 ? { legend: { top: 0, type: "scroll", itemHeight: 8 } } : {}),
      xAxis: { type: "value", name: "kg", nameLocation: "end", nameGap: 4, min: 0, max: "dataMax" },
      yAxis: { type: "value", min: 0 },
      tooltip: {
        trigger: "axis",
        formatter: (items: { seriesName: string; marker: string; value: [number, number] }[]) =>
          `≤ ${kilograms((items[0]?.value[0] ?? 0) * 1e6)} kg<br/>${items
            .map(
              (item) =>
                `${item.marker}${echarts.format.encodeHTML(item.seriesName)} <b>${money(Math.round(item.value[1] * 100), currency, language())}</b>`,
            )
            .join("<br/>")}`,
      },
      series: curves.zones.map((zone) => ({
        type: "line",
        name: name(zone.zones),
        step: "start",
        symbol: "none",
        lineStyle: { width: 2 },
        data: zone.points.map((point) => [Number(point.weightMg) / 1e6, Number(point.minor) / 100]),
      })),
    });
    const resize = () => chart.resize();
    window.addEventListener("resize", resize);
    return () => {
      window.removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [curves, currency, t]);
  return (
    <figure>
      <div ref={box} className="chart price-chart" role="img" aria-label={t("contract.chart")} />
      <figcaption className="quiet-text">{t("contract.chart")}</figcaption>
    </figure>
  );
}
