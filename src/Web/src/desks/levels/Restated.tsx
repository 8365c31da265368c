import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { language } from "../../app/texts";
import { minute } from "../../format/figures";
import type { Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { type At, behindPath, coded, figureText } from "./words";

const pair = (text: string) => text.split("/").map(figureText).join(" / ");

// What changed after the period was published, and because of what: a figure never changes silently.
export function Restated({ card, at }: { card: Scorecard; at: At }) {
  const { t } = useTranslation();
  if (card.restated.length === 0) return null;
  return (
    <Card size="small" title={t("levels.restated")} data-card="restated">
      <ul className="plain-list">
        {card.restated.map((one) => (
          <li key={`${one.indicator}|${one.atUs}|${one.is}`}>
            <Link to={behindPath(at, one.indicator, "missed")} className="clause-id">
              {one.indicator}
            </Link>
            <span className="numbers">{t("levels.was_is", { was: pair(one.was), is: pair(one.is) })}</span>
            <span className="quiet">
              {minute(one.atUs, language())} · {coded(t, "because", one.because)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
