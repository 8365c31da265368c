import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { Figure } from "../../app/Pieces";
import { isClient, may } from "../../app/rights";
import { language } from "../../app/texts";
import { grouped, minute } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { BudgetsReply, ListAtRiskReply, Scorecard, WarningView } from "../../gen/kal/levels/v1/scorecards_pb";
import { answerOf, pressing, stateOf, toneOf } from "./budget";
import { Behind, DimensionBars, GradeBadge, KnockOuts } from "./Pieces";
import { type At, behindPath, budgetSentence, counted, scoreText, whyText } from "./words";

interface Props {
  at: At;
  card: Scorecard;
  sliced: boolean;
  budgets: BudgetsReply | undefined;
  risk: ListAtRiskReply | undefined;
  // Not asked yet, asked in vain, or kept by no one.
  warnings: WarningView[] | undefined | "unknown" | "not_kept";
  onWarnings: () => void;
}

// What one wants to know at six in the morning, before any figure: will the promise be kept, and what is there to do today.
export function ScoreHead({ at, card, sliced, budgets, risk, warnings, onWarnings }: Props) {
  const { t } = useTranslation();
  const spoken = language();
  return (
    <div className="score-head">
      {!sliced && <Answer {...{ at, budgets, risk, warnings, onWarnings, card }} />}
      <section className="score-panel" aria-label={t("levels.score")}>
        <div className="score-now" data-score={card.score}>
          <GradeBadge grade={card.grade} big />
          <span>
            {card.score ? (
              <b className="score-figure numbers">{scoreText(card.score)}</b>
            ) : (
              <b className="no-score">{whyText(t, card.reason) || t("levels.no_score")}</b>
            )}
            <FirstPublished card={card} />
          </span>
        </div>
        <DimensionBars dimensions={card.dimensions} link={(letter) => `#dimension-${letter}`} />
        {card.knockOuts.length > 0 && (
          <div className="knock-outs" role="alert">
            <KnockOuts of={card} />
            <small>{t("levels.knock_out_hint")}</small>
          </div>
        )}
        <div className="figures">
          <Figure label={t("levels.parcels")}>
            <Behind
              to={behindPath(at, "parcels", "met")}
              label={`${t("levels.parcels")} ${card.parcels}`}
              kind="parcels"
              count={card.parcels}
            >
              {grouped(card.parcels, spoken)}
            </Behind>
          </Figure>
          <Figure label={t("levels.excluded")}>
            <Behind
              to={behindPath(at, "T2", "excluded")}
              label={`${t("levels.excluded")} ${card.excluded}`}
              kind="excluded"
              count={card.excluded}
            >
              {grouped(card.excluded, spoken)}
            </Behind>
          </Figure>
          <Figure label={t("levels.in_doubt")} hint={t("levels.in_doubt_hint")}>
            <Behind
              to={behindPath(at, "T2", "in_doubt")}
              label={`${t("levels.in_doubt")} ${card.inDoubt}`}
              kind="in_doubt"
              count={card.inDoubt}
            >
              {grouped(card.inDoubt, spoken)}
            </Behind>
          </Figure>
        </div>
        <p className="quiet-text basis">
          {card.contract &&
            (may(Permission.CONTRACT_READ) ? (
              <Link to={`/contracts/${encodeURIComponent(card.contract)}/${card.contractVersion}`}>
                {t("levels.by_contract", { contract: card.contract, version: card.contractVersion })}
              </Link>
            ) : (
              t("levels.by_contract", { contract: card.contract, version: card.contractVersion })
            ))}
          {card.asOfUs !== 0n && <span>{t("levels.as_of", { at: minute(card.asOfUs, spoken) })}</span>}
          {card.planHash && (
            <span>
              {t("levels.plan")} <span className="mono">{card.planHash.slice(0, 12)}</span>
            </span>
          )}
        </p>
      </section>
    </div>
  );
}

function FirstPublished({ card }: { card: Scorecard }) {
  const { t } = useTranslation();
  if (!card.firstScore) return <small>{t("levels.not_published")}</small>;
  const at = minute(card.publishedUs, language());
  const same = card.firstScore === card.score && card.firstGrade === card.grade;
  return (
    <small className={same ? "" : "restated"} data-restated={!same}>
      {same
        ? t("levels.as_published", { at })
        : t("levels.first_published", { score: scoreText(card.firstScore), grade: card.firstGrade || "–", at })}
    </small>
  );
}

function Answer({ at, budgets, risk, warnings, onWarnings, card }: Omit<Props, "sliced">) {
  const { t } = useTranslation();
  const spoken = language();
  const known = budgets?.budgets ?? [];
  const answer = budgets ? answerOf(known) : undefined;
  const question = t(isClient() ? "levels.question_client" : "levels.question");
  const tone = answer ? toneOf[answer] : "none";
  const reasons = pressing(known).filter((one) => ["bad", "warn"].includes(toneOf[stateOf(one)]));
  const nowUs = BigInt(Date.now()) * 1000n;
  const due = (Array.isArray(warnings) ? warnings : []).filter((one) => one.dueUs !== 0n && one.dueUs <= nowUs + 86_400_000_000n).length;
  const nameOf = (code: string) => {
    const found = card.dimensions.flatMap((one) => one.indicators).find((one) => one.indicator === code);
    return found ? (spoken === "zh" ? found.nameZh : found.nameEn) || code : code;
  };
  return (
    <section className={`answer-panel ${tone}`} data-answer={answer ?? "asking"} aria-label={question}>
      <small>{question}</small>
      <h2>{answer ? t(`levels.answer.${answer}`) : "…"}</h2>
      {reasons.length > 0 && (
        <ul>
          {reasons.slice(0, 3).map((one) => (
            <li key={one.indicator}>
              <Link to={behindPath(at, one.indicator, "missed")}>
                <b>
                  {one.indicator} {nameOf(one.indicator)}
                </b>
              </Link>
              {t("levels.colon")}
              {budgetSentence(t, one, spoken)}
            </li>
          ))}
          {reasons.length > 3 && <li>{t("levels.more_below", { n: reasons.length - 3 })}</li>}
        </ul>
      )}
      <h3>{t(isClient() ? "levels.today_client" : "levels.today")}</h3>
      <ul className="today">
        <li>
          {risk === undefined ? (
            "…"
          ) : risk.canBeSaved + risk.past === 0n ? (
            t("levels.none_at_risk")
          ) : (
            <a href="#at-risk">
              {counted(t, "levels.risk_count", risk.canBeSaved + risk.past)}
              {risk.past > 0n && (
                <>
                  {t("list.comma")}
                  <b className="bad-text">{t("levels.overdue_count", { n: grouped(risk.past, spoken) })}</b>
                </>
              )}
            </a>
          )}
        </li>
        {!isClient() && (
          <li>
            {warnings === undefined ? (
              "…"
            ) : warnings === "unknown" || warnings === "not_kept" ? (
              t(`levels.warnings_${warnings}`)
            ) : warnings.length === 0 ? (
              t("levels.no_warnings")
            ) : (
              <button type="button" className="text-button flush" onClick={onWarnings}>
                {counted(t, "levels.warning_count", warnings.length)}
                {due > 0 && (
                  <>
                    {t("list.comma")}
                    <b className="bad-text">{t("levels.due_count", { n: due })}</b>
                  </>
                )}
              </button>
            )}
          </li>
        )}
      </ul>
    </section>
  );
}
