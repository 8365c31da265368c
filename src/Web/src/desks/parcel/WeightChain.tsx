import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { grams, instant, kilograms } from "../../format/figures";
import type { WeightLink } from "../../gen/kal/custody/v1/custody_pb";

echarts.use([ScatterChart, LineChart, CustomChart, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

interface Band {
  referenceMg: bigint;
  limitMg: bigint;
}

// Each weighing with the error its scale may have in service: two bars that overlap can both be right. A band shows what was allowed, where that is known.
export function WeightChain({ weights, tolerance }: { weights: WeightLink[]; tolerance?: Band | undefined }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current || weights.length === 0) return;
    const chart = echarts.init(box.current, undefined, { renderer: "svg" });
    const kg = weights.map((one) => Number(one.massMg) / 1e6);
    const error = weights.map((one) => Number(one.errorMg) / 1e6);
    // Room around what is shown: equal weights would else stand in a range that says nothing.
    const band = tolerance && [
      Number(tolerance.referenceMg - tolerance.limitMg) / 1e6,
      Number(tolerance.referenceMg + tolerance.limitMg) / 1e6,
    ];
    const low = Math.min(...kg.map((v, i) => v - (error[i] ?? 0)), ...(band ?? []));
    const high = Math.max(...kg.map((v, i) => v + (error[i] ?? 0)), ...(band ?? []));
    const room = Math.max((high - low) * 0.25, 0.02);
    chart.setOption({
      animation: false,
      grid: { left: 64, right: 16, top: 16, bottom: 44 },
      xAxis: {
        type: "category",
        data: weights.map((one) => `${t(`purpose.${one.purpose}`)}\n${one.node}`),
        axisLabel: { interval: 0 },
      },
      yAxis: {
        type: "value",
        min: Math.floor((low - room) * 100) / 100,
        max: Math.ceil((high + room) * 100) / 100,
        name: "kg",
        splitNumber: 4,
        axisLabel: { formatter: (v: number) => v.toFixed(3) },
      },
      tooltip: {
        trigger: "item",
        formatter: (item: { dataIndex: number }) => {
          const one = weights[item.dataIndex];
          if (!one) return "";
          const scale = one.typed
            ? t(one.eventId ? "tag.typed" : "parcel.declared_by")
            : `${one.scale?.device ?? ""} ±${grams(one.errorMg)} g`;
          return `${t(`purpose.${one.purpose}`)}<br/><b>${kilograms(one.massMg)} kg</b><br/>${echarts.format.encodeHTML(scale)}<br/>${instant(one.atUs, language())}`;
        },
      },
      series: [
        {
          type: "custom",
          silent: true,
          data: kg.map((v, i) => [i, v - (error[i] ?? 0), v + (error[i] ?? 0)]),
          renderItem: (_: unknown, api: { value: (i: number) => number; coord: (p: number[]) => number[] }) => {
            const low = api.coord([api.value(0), api.value(1)]);
            const high = api.coord([api.value(0), api.value(2)]);
            const [x = 0, bottom = 0] = low;
            const top = high[1] ?? 0;
            const style = { stroke: "#64748b", lineWidth: 2 };
            return {
              type: "group",
              children: [
                { type: "line", shape: { x1: x, y1: bottom, x2: x, y2: top }, style },
                { type: "line", shape: { x1: x - 8, y1: top, x2: x + 8, y2: top }, style },
                { type: "line", shape: { x1: x - 8, y1: bottom, x2: x + 8, y2: bottom }, style },
              ],
            };
          },
          encode: { x: 0, y: [1, 2] },
        },
        {
          type: "line",
          ...(band
            ? {
                markArea: { silent: true, itemStyle: { color: "#bbf7d0", opacity: 0.6 }, data: [[{ yAxis: band[0] }, { yAxis: band[1] }]] },
              }
            : {}),
          data: kg.map((v, i) => ({
            value: v,
            symbol: weights[i]?.typed ? "emptyCircle" : "circle",
            itemStyle: { color: weights[i]?.verdict && [2, 3].includes(weights[i]?.verdict?.integrity ?? 0) ? "#b91c1c" : "#14532d" },
          })),
          symbolSize: 11,
          lineStyle: { color: "#94a3b8", width: 1.5 },
          label: {
            show: true,
            position: "right",
            distance: 12,
            backgroundColor: "#fff",
            padding: [1, 3],
            formatter: (p: { dataIndex: number }) => kilograms(weights[p.dataIndex]?.massMg ?? 0n),
          },
        },
      ],
    });
    const resize = () => chart.resize();
    window.addEventListener("resize", resize);
    return () => {
      window.removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [weights, tolerance, t]);
  return (
    <>
      <div ref={box} className="chart" role="img" aria-label={t("parcel.weights")} />
      <p className="quiet-text">{t("parcel.chart")}</p>
    </>
  );
}
