import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { grouped } from "../../format/figures";
import type { Budget } from "../../gen/kal/levels/v1/scorecards_pb";
import { burnDown } from "./budget";
import { dayName, dayNumber, dayOf } from "./period";

const width = 520;
const height = 190;
const box = { left: 52, right: 14, top: 14, bottom: 26 };

interface Props {
  budget: Budget;
  from: string;
  to: string;
  lowerIsBetter: boolean;
  name: string;
}

// What is left of the budget after each day, the even pace beside it, and the fan in which the rest of the month will probably lie. Under the line of nothing left the target is missed.
export function BurnDownChart({ budget, from, to, lowerIsBetter, name }: Props) {
  const { t } = useTranslation();
  const spoken = language();
  const chart = burnDown(budget, from, to, lowerIsBetter);
  const x = (at: number) => box.left + (at / chart.length) * (width - box.left - box.right);
  const y = (left: number) => box.top + ((chart.top - left) / (chart.top - chart.bottom)) * (height - box.top - box.bottom);
  const last = chart.measured.at(-1) ?? { at: 0, left: 0 };
  const { forecast } = chart;
  const allowed = Number(budget.allowed);
  const days = [1, 8, 15, 22, chart.length].filter((day, index, all) => index === all.length - 1 || chart.length - day > 3);
  const label = (at: number) => dayOf(dayNumber(from) + at - 1);
  const end = forecast && y(forecast.mid);
  return (
    <figure className="burn-down">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("levels.chart_label", { name, left: String(last.left) })}>
        {chart.bottom < 0 && (
          <rect
            x={box.left}
            y={y(0)}
            width={width - box.left - box.right}
            height={Math.max(0, y(chart.bottom) - y(0))}
            className="missed-zone"
          />
        )}
        <line x1={x(0)} x2={x(chart.length)} y1={y(0)} y2={y(0)} className="zero" />
        <text x={box.left - 6} y={y(0) + 4} className="at-left">
          0
        </text>
        {Math.abs(y(allowed) - y(0)) > 14 && (
          <text x={box.left - 6} y={y(allowed) + 4} className="at-left">
            {grouped(allowed, spoken)}
          </text>
        )}
        {Math.abs(y(chart.bottom) - y(0)) > 14 && (
          <text x={box.left - 6} y={y(chart.bottom) + 4} className="at-left bad">
            {grouped(chart.bottom, spoken)}
          </text>
        )}
        {days.map((at) => (
          <text key={at} x={x(at)} y={height - 8} className={at === chart.length ? "at-end" : "at-day"}>
            {label(at).slice(5)}
          </text>
        ))}
        <line x1={x(0)} y1={y(allowed)} x2={x(chart.length)} y2={y(0)} className="pace" />
        {forecast && (
          <>
            <polygon
              points={`${x(last.at)},${y(last.left)} ${x(forecast.at)},${y(forecast.high)} ${x(forecast.at)},${y(forecast.low)}`}
              className="fan"
            />
            <line x1={x(last.at)} y1={y(last.left)} x2={x(forecast.at)} y2={end} className="middle" />
          </>
        )}
        <polyline points={chart.measured.map((point) => `${x(point.at)},${y(point.left)}`).join(" ")} className="left" />
        <circle cx={x(last.at)} cy={y(last.left)} r="4" className="last" />
        {chart.goneAt !== undefined && chart.goneAt > 0 && chart.goneAt <= chart.length && (
          <>
            <line x1={x(chart.goneAt)} x2={x(chart.goneAt)} y1={box.top} y2={height - box.bottom} className="gone" />
            <text x={x(chart.goneAt) - 5} y={box.top + 10} className="at-left bad">
              {t("levels.gone_mark", { day: dayName(budget.goneOn, spoken) })}
            </text>
          </>
        )}
      </svg>
      <figcaption className="quiet-text">
        <span className="key left" /> {t("levels.key_left")} <span className="key pace" /> {t("levels.key_pace")}{" "}
        {forecast && (
          <>
            <span className="key fan" /> {t("levels.key_fan")}
          </>
        )}
      </figcaption>
    </figure>
  );
}
