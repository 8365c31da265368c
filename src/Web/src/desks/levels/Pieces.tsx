import { Button, Grid, Select } from "antd";
import type { HTMLAttributes, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { language } from "../../app/texts";
import { day } from "../../format/figures";
import type { DimensionScore, Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { compare } from "./decimal";
import { isMonth, monthBeside, monthName, monthsBack } from "./period";
import { coded, scoreText } from "./words";

export function currentMonth(): string {
  return day(Date.now() * 1000).slice(0, 7);
}

export const monthIn = (query: URLSearchParams) => {
  const asked = query.get("month") ?? "";
  return isMonth(asked) ? asked : currentMonth();
};

export function MonthChoice({ month, onChoose }: { month: string; onChoose: (month: string) => void }) {
  const { t } = useTranslation();
  const now = currentMonth();
  const known = monthsBack(now, 25);
  const all = known.includes(month) ? known : [...known, month].sort().reverse();
  return (
    <span className="month-choice">
      <Button aria-label={t("levels.month_before")} onClick={() => onChoose(monthBeside(month, -1))}>
        ‹
      </Button>
      <Select
        value={month}
        aria-label={t("levels.period")}
        onChange={onChoose}
        options={all.map((one) => ({ value: one, label: monthName(one, language()) }))}
      />
      <Button aria-label={t("levels.month_after")} disabled={month >= now} onClick={() => onChoose(monthBeside(month, 1))}>
        ›
      </Button>
    </span>
  );
}

export function GradeBadge({ grade, big }: { grade: string; big?: boolean }) {
  const { t } = useTranslation();
  return (
    <span
      className={`grade-badge ${big ? "big" : ""} ${grade || "none"}`}
      role="img"
      aria-label={grade ? t("levels.grade_is", { grade }) : t("levels.no_grade")}
    >
      {grade || "–"}
    </span>
  );
}

// A score's band: the limits of the grades.
export function bandOf(score: string): "A" | "B" | "C" | "D" | "none" {
  if (!score) return "none";
  const at = (mark: string) => (compare(score, mark) ?? -1) >= 0;
  return at("90") ? "A" : at("75") ? "B" : at("60") ? "C" : "D";
}

export function ScoreBar({ score }: { score: string }) {
  return (
    <span className={`score-bar band-${bandOf(score)}`} aria-hidden="true">
      <i style={{ width: `${score ? Math.min(100, Math.max(0, Number(score))) : 0}%` }} />
    </span>
  );
}

// The five dimensions at a glance: letter, figure and bar; without a score it says so instead of standing at nothing.
export function DimensionBars({ dimensions, link }: { dimensions: DimensionScore[]; link?: (letter: string) => string }) {
  const { t } = useTranslation();
  return (
    <span className="dimension-bars">
      {["T", "Q", "C", "S", "O"].map((letter) => {
        const one = dimensions.find((found) => found.dimension === letter);
        const score = one?.score ?? "";
        const name = t(`dimension.${letter}`);
        const inside = (
          <>
            <span className="dimension-name">
              <b>{letter}</b> {name}
            </span>
            <span className="dimension-score numbers">{score ? scoreText(score) : t("levels.none_short")}</span>
            <ScoreBar score={score} />
          </>
        );
        return link ? (
          <a key={letter} href={link(letter)} className="dimension-bar" data-dimension={letter}>
            {inside}
          </a>
        ) : (
          <span key={letter} className="dimension-bar" data-dimension={letter}>
            {inside}
          </span>
        );
      })}
    </span>
  );
}

export function KnockOuts({ of }: { of: Pick<Scorecard, "knockOuts"> }) {
  const { t } = useTranslation();
  return of.knockOuts.map((code) => (
    <span key={code} className="knock-out">
      <span className="state-mark" aria-hidden="true">
        !
      </span>
      {coded(t, "knock_out", code)}
    </span>
  ));
}

// A wide table scrolls; on a narrow screen its rows stand as cards (levels.css) and nothing may hold them apart.
export const useTableScroll = () => (Grid.useBreakpoint().md ? { x: "max-content" } : {});

// On a narrow screen a row stands as a card, and each of its figures needs its name beside it.
export const labelled = (label: string) => () => ({ "data-label": label }) as HTMLAttributes<HTMLElement>;

interface BehindProps {
  to: string;
  children: ReactNode;
  label: string;
  kind?: string;
  // How many subjects the page behind it lists, or how much they add together.
  count?: bigint | number | string;
}

// A figure that opens the parcels behind it; a row around it may be a way elsewhere.
export function Behind({ to, children, label, kind, count }: BehindProps) {
  return (
    <Link
      to={to}
      className="behind numbers"
      aria-label={label}
      data-behind={kind}
      data-count={count?.toString()}
      onClick={(event) => event.stopPropagation()}
    >
      {children}
    </Link>
  );
}
