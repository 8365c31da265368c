import { Card, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Loaded } from "../../app/load";
import "./budgets.css";
import { Answered } from "../../app/Pieces";
import { language } from "../../app/texts";
import { grouped } from "../../format/figures";
import type { Budget, BudgetsReply, IndicatorScore, Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { BurnDownChart } from "./BurnDownChart";
import { pressing, stateOf, toneOf, usedPercent } from "./budget";
import { fixed, trimmed } from "./decimal";
import { Behind } from "./Pieces";
import { type At, behindPath, budgetSentence, named, unitSign } from "./words";

const shownAtFirst = 5;

// What a month may still lose before its targets are missed: the most pressing first, and the first of them open.
export function BudgetStrip({ at, of, card }: { at: At; of: Loaded<BudgetsReply>; card: Scorecard }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string>();
  const [all, setAll] = useState(false);
  const indicators = card.dimensions.flatMap((one) => one.indicators);
  return (
    <Card size="small" title={t("levels.budgets")} data-card="budgets">
      <Answered of={of}>
        {(data) => {
          const sorted = pressing(data.budgets);
          const worst = sorted[0];
          // A chart is opened for what is in danger; where nothing is, one looks at it by hand.
          const opened = open ?? (worst && toneOf[stateOf(worst)] !== "good" && worst.days.length > 0 ? worst.indicator : "");
          if (sorted.length === 0) return <p className="nothing">{t("levels.no_budgets")}</p>;
          return (
            <>
              <ul className="budgets">
                {(all ? sorted : sorted.slice(0, shownAtFirst)).map((one) => (
                  <Line
                    key={one.indicator}
                    at={at}
                    budget={one}
                    indicator={indicators.find((found) => found.indicator === one.indicator)}
                    card={card}
                    open={opened === one.indicator}
                    onOpen={() => setOpen(opened === one.indicator ? "" : one.indicator)}
                  />
                ))}
              </ul>
              {sorted.length > shownAtFirst && (
                <button type="button" className="text-button" aria-expanded={all} onClick={() => setAll(!all)}>
                  {all ? t("levels.fewer") : t("levels.all_of", { n: sorted.length })}
                </button>
              )}
            </>
          );
        }}
      </Answered>
    </Card>
  );
}

interface LineProps {
  at: At;
  budget: Budget;
  indicator: IndicatorScore | undefined;
  card: Scorecard;
  open: boolean;
  onOpen: () => void;
}

function Line({ at, budget: one, indicator, card, open, onOpen }: LineProps) {
  const { t } = useTranslation();
  const spoken = language();
  const state = stateOf(one);
  const used = usedPercent(one);
  const unit = unitSign[indicator?.unit ?? "percent"] ?? "";
  const name = indicator ? named(indicator, spoken) : "";
  return (
    <li className={`budget ${toneOf[state]}`} data-budget={one.indicator} data-state={state}>
      <div className="budget-line">
        <span className="budget-name">
          <span className="clause-id">{one.indicator}</span> {name}
          <small className="numbers">{t("levels.target_is", { target: `${trimmed(one.target)} ${unit}` })}</small>
        </span>
        <span className="budget-words">
          <span className="state-mark" aria-hidden="true">
            {{ good: "✓", warn: "!", bad: "✕", none: "?" }[toneOf[state]]}
          </span>
          {budgetSentence(t, one, spoken)}
          {one.alert && (
            <Tag color={one.alert === "page" ? "red" : "orange"} title={t("levels.alert_hint")}>
              {t(`levels.alert_${one.alert}`, { defaultValue: one.alert })}
            </Tag>
          )}
        </span>
        <span className="budget-use">
          <span
            className="used-bar"
            role="img"
            aria-label={t("levels.used_of", { failed: String(one.failed), allowed: String(one.allowed) })}
          >
            <i style={{ width: `${Math.min(100, used)}%` }} />
          </span>
          <span className="numbers">
            <Behind
              to={behindPath(at, one.indicator, "missed")}
              label={`${one.indicator} ${t("levels.which.missed")} ${one.failed}`}
              kind={`${one.indicator}-budget`}
              count={one.failed}
            >
              {grouped(one.failed, spoken)}
            </Behind>{" "}
            / {grouped(one.allowed, spoken)}
          </span>
        </span>
        <button type="button" className="text-button" aria-expanded={open} onClick={onOpen} disabled={one.days.length === 0}>
          {t(open ? "levels.close_chart" : "levels.open_chart")}
        </button>
      </div>
      {open && one.days.length > 0 && (
        <div className="budget-open">
          <BurnDownChart budget={one} from={card.from} to={card.to} lowerIsBetter={indicator?.lowerIsBetter ?? false} name={name} />
          <dl className="numbers">
            <dt>{t("levels.expected")}</dt>
            <dd>{grouped(one.expected, spoken)}</dd>
            <dt>{t("levels.forecast")}</dt>
            <dd>
              {one.hasForecast
                ? t("levels.forecast_is", {
                    mid: grouped(one.forecastFailures, spoken),
                    low: grouped(one.forecastLow, spoken),
                    high: grouped(one.forecastHigh, spoken),
                  })
                : t("levels.no_forecast")}
            </dd>
            <dt>{t("levels.burn")}</dt>
            <dd>
              {t("levels.burn_is", {
                fast: one.fastBurn ? trimmed(fixed(one.fastBurn, 1)) : "–",
                slow: one.slowBurn ? trimmed(fixed(one.slowBurn, 1)) : "–",
              })}
            </dd>
          </dl>
        </div>
      )}
    </li>
  );
}
