import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { isClient } from "../../app/rights";
import { language } from "../../app/texts";
import { grouped } from "../../format/figures";
import type { DimensionScore, IndicatorScore, Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { trimmed } from "./decimal";
import { ObjectButton } from "./ObjectButton";
import { Behind, bandOf, ScoreBar } from "./Pieces";
import {
  type At,
  addsMore,
  addsScans,
  behindPath,
  counted,
  figureText,
  missedOf,
  named,
  scoreText,
  unitSign,
  valueText,
  whyWithout,
} from "./words";

// The five dimensions with every indicator of the contract's plan. Each figure opens the parcels behind it.
export function Dimensions({ at, card }: { at: At; card: Scorecard }) {
  const { t } = useTranslation();
  return card.dimensions.map((one) => (
    <Card
      key={one.dimension}
      size="small"
      id={`dimension-${one.dimension}`}
      data-card={`dimension-${one.dimension}`}
      className={`dimension-card band-${bandOf(one.score)}`}
      title={
        <span className="dimension-title">
          <span>
            {one.dimension} {t(`dimension.${one.dimension}`, { defaultValue: one.dimension })}
          </span>
          <b className="numbers">
            {one.score ? (
              <Behind
                to={behindPath(at, one.dimension, "missed")}
                label={`${one.dimension} ${scoreText(one.score)}`}
                kind={`${one.dimension}-score`}
              >
                {scoreText(one.score)}
              </Behind>
            ) : (
              t("levels.no_score")
            )}
          </b>
          <Failed at={at} one={one} />
          <small>{t("levels.weight_is", { weight: trimmed(one.weight) })}</small>
        </span>
      }
    >
      {one.indicators.length === 0 ? <p className="quiet-text">{t("levels.no_indicators")}</p> : <Indicators at={at} one={one} />}
    </Card>
  ));
}

// How many failed in the dimension, whichever indicator: the same parcel stands once for each that it missed.
function Failed({ at, one }: { at: At; one: DimensionScore }) {
  const { t } = useTranslation();
  const missed = one.indicators.filter((found) => !addsMore(found.indicator)).map(missedOf);
  const known = missed.filter(Boolean);
  if (known.length === 0 || one.indicators.some((found) => addsScans(found.indicator) && missedOf(found))) {
    // Scans that are missing are more than the parcels that miss them: no sum says both.
    return null;
  }
  const sum = known.reduce((all, text) => all + BigInt(text), 0n);
  return (
    <small>
      <Behind
        to={behindPath(at, one.dimension, "missed")}
        label={`${one.dimension} ${t("levels.which.missed")} ${sum}`}
        kind={`${one.dimension}-missed`}
        count={sum}
      >
        {counted(t, "levels.failed_here", sum)}
      </Behind>
    </small>
  );
}

function Indicators({ at, one }: { at: At; one: DimensionScore }) {
  const { t } = useTranslation();
  return (
    <div className="indicators-scroll">
      <table className="indicators">
        <thead>
          <tr>
            <th>{t("levels.indicator")}</th>
            <th className="right">{t("levels.value")}</th>
            <th className="right">{t("levels.target_and_limits")}</th>
            <th className="right">{t("levels.counted")}</th>
            <th className="right">{t("levels.which.missed")}</th>
            <th className="right">{t("levels.excluded")}</th>
            <th>{t("levels.points")}</th>
          </tr>
        </thead>
        <tbody>
          {one.indicators.map((indicator) => (
            <Row key={indicator.indicator} at={at} one={indicator} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ at, one }: { at: At; one: IndicatorScore }) {
  const { t } = useTranslation();
  const spoken = language();
  const name = named(one, spoken) || one.indicator;
  const unit = unitSign[one.unit] ?? one.unit;
  const to = (which: string) => behindPath(at, one.indicator, which);
  const label = (what: string, figure: string) => `${one.indicator} ${name}, ${what} ${figure}`;
  const value = valueText(one);
  const scored = one.score !== "";
  // What nothing counts has nothing behind it; a mean has no parcels that missed it.
  const isCounted = one.denominator !== "" && (one.denominator !== "0" || one.excluded > 0n || one.open > 0n || one.inDoubt > 0n);
  const missed = isCounted ? missedOf(one) : "";
  const first = missed && missed !== "0" ? "missed" : "met";
  return (
    <tr data-indicator={one.indicator} data-available={scored}>
      <th scope="row">
        <span className="clause-id">{one.indicator}</span> {name} {isClient() && <ObjectButton at={at} indicator={one.indicator} />}
        {!scored && (
          <small className="not-available">
            {t("levels.not_available")}
            {t("levels.colon")}
            {whyWithout(t, one) || t("levels.no_reason")}
          </small>
        )}
      </th>
      <td className="right numbers" data-label={t("levels.value")}>
        {value ? (
          <Behind
            to={to(addsMore(one.indicator) ? "counted" : first)}
            label={label(t("levels.value"), `${value} ${unit}`)}
            kind={`${one.indicator}-value`}
          >
            <b>
              {value} {unit}
            </b>
          </Behind>
        ) : (
          <span className="quiet">–</span>
        )}
        {one.firstValue && one.firstValue !== one.value && (
          <small className="restated">{t("levels.first_was", { value: `${valueText(one, one.firstValue)} ${unit}` })}</small>
        )}
      </td>
      <td className="right numbers" data-label={t("levels.target")}>
        {one.target && `${one.lowerIsBetter ? "≤" : "≥"} ${trimmed(one.target)} ${unit}`}
        <small className="quiet">{[one.threshold, one.floor].filter(Boolean).map(trimmed).join(" / ")}</small>
      </td>
      <td className="right numbers" data-label={t("levels.counted")}>
        {isCounted ? (
          <>
            <Behind
              to={to(addsMore(one.indicator) ? "counted" : one.lowerIsBetter && missed ? "missed" : "met")}
              label={label(t("levels.numerator"), one.numerator)}
              kind={`${one.indicator}-numerator`}
              count={one.numerator}
            >
              {figureText(one.numerator)}
            </Behind>
            {" / "}
            <Behind
              to={to("counted")}
              label={label(t("levels.denominator"), one.denominator)}
              kind={`${one.indicator}-denominator`}
              count={one.denominator}
            >
              {figureText(one.denominator)}
            </Behind>
            {one.open > 0n && (
              <small>
                <Behind
                  to={to("open")}
                  label={label(t("levels.which.open"), String(one.open))}
                  kind={`${one.indicator}-open`}
                  count={one.open}
                >
                  {t("levels.open_count", { n: grouped(one.open, spoken) })}
                </Behind>
              </small>
            )}
          </>
        ) : (
          <span className="quiet">–</span>
        )}
      </td>
      <td className="right numbers" data-label={t("levels.which.missed")}>
        {missed ? (
          <Behind to={to("missed")} label={label(t("levels.which.missed"), missed)} kind={`${one.indicator}-missed`} count={missed}>
            {figureText(missed)}
          </Behind>
        ) : (
          <span className="quiet">–</span>
        )}
        {one.inDoubt > 0n && (
          <small>
            <Behind
              to={to("in_doubt")}
              label={label(t("levels.which.in_doubt"), String(one.inDoubt))}
              kind={`${one.indicator}-in_doubt`}
              count={one.inDoubt}
            >
              {t("levels.doubt_count", { n: grouped(one.inDoubt, spoken) })}
            </Behind>
          </small>
        )}
      </td>
      <td className="right numbers" data-label={t("levels.excluded")}>
        {isCounted || one.excluded > 0n ? (
          <Behind
            to={to("excluded")}
            label={label(t("levels.which.excluded"), String(one.excluded))}
            kind={`${one.indicator}-excluded`}
            count={one.excluded}
          >
            {grouped(one.excluded, spoken)}
          </Behind>
        ) : (
          <span className="quiet">–</span>
        )}
      </td>
      <td data-label={t("levels.points")}>
        {scored ? (
          <span className="points">
            <ScoreBar score={one.score} />
            <Behind
              to={to(addsMore(one.indicator) ? "counted" : first)}
              label={label(t("levels.points"), scoreText(one.score))}
              kind={`${one.indicator}-score`}
            >
              {scoreText(one.score)}
            </Behind>
            {one.weight && <small className="quiet numbers">× {trimmed(one.weight)}</small>}
          </span>
        ) : (
          <span className="not-available">{t("levels.none_short")}</span>
        )}
      </td>
    </tr>
  );
}
