import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { language } from "../../app/texts";
import { minute } from "../../format/figures";
import type { Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { type At, addsMore, behindPath, coded, figureName, restatedText } from "./words";

// Sums have nothing that missed them, and parcels neither: there it is all of them that stand behind.
const whichOf = (figure: string) => (figure === "parcels" || addsMore(figure) ? "counted" : "missed");

// What changed after the period was published, and because of what: a figure never changes silently. Of the whole period, as the score is.
export function Restated({ card, at }: { card: Scorecard; at: At }) {
  const { t } = useTranslation();
  const spoken = language();
  if (card.restated.length === 0) return null;
  const known = card.dimensions.flatMap((one) => one.indicators);
  return (
    <Card size="small" title={t("levels.restated")} data-card="restated">
      <ul className="plain-list">
        {card.restated.map((one) => (
          <li key={one.indicator} data-restated-figure={one.indicator}>
            <Link to={behindPath(at, one.indicator, whichOf(one.indicator))}>{figureName(t, one.indicator, known, spoken)}</Link>
            <span className="numbers">
              {t("levels.was_is", { was: restatedText(one, one.was, one.wasValue), is: restatedText(one, one.is, one.isValue) })}
            </span>
            <span className="quiet">
              {minute(one.atUs, spoken)} · {coded(t, "because", one.because)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
