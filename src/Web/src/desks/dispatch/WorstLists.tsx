import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { type DayModel, nameIn, worstFirst } from "./dayModel";
import type { StartDrag } from "./useDrag";
import { lateText, moment, shortId, windowText } from "./words";

const shownAtFirst = 100;

interface Props {
  model: DayModel;
  selected: string;
  onSelect: (stop: string) => void;
  startDrag: StartDrag;
}

// What is wrong with a day stands before everything else: who goes nowhere, and what will be late.
export function WorstLists(props: Props) {
  return (
    <div className="worst">
      <Unassigned {...props} />
      <AtRisk {...props} />
    </div>
  );
}

function Unassigned({ model, selected, onSelect, startDrag }: Props) {
  const { t } = useTranslation();
  const { plannedUs } = model.view;
  const unassigned = useMemo(() => worstFirst(model.view), [model.view]);
  return (
    <List
      title={t("dispatch.unassigned")}
      name="unassigned"
      count={unassigned.length}
      none={t(plannedUs ? "dispatch.all_assigned" : "dispatch.nothing_to_do")}
    >
      {unassigned.map(({ stop, why }) => (
        <Line key={stop} model={model} stop={stop} selected={selected} onSelect={onSelect} startDrag={startDrag} withWindow>
          <span className="why">{t(`dispatch.why_${why}`, { defaultValue: why })}</span>
        </Line>
      ))}
    </List>
  );
}

function AtRisk({ model, selected, onSelect, startDrag }: Props) {
  const { t } = useTranslation();
  return (
    <List title={t("dispatch.at_risk")} name="at-risk" count={model.view.atRisk.length} none={t("dispatch.none_at_risk")}>
      {model.view.atRisk.map(({ stop, courier, dueUs, lateSeconds }) => (
        <Line key={`${stop}|${courier}`} model={model} stop={stop} selected={selected} onSelect={onSelect} startDrag={startDrag}>
          <span className="numbers">{t("dispatch.due", { at: moment(dueUs, model.view.day, language()) })}</span>
          <span className="why">
            {courier
              ? t("dispatch.late_with", { late: lateText(t, lateSeconds), courier: nameIn(model, courier) })
              : lateSeconds > 0n
                ? t("dispatch.overdue_nowhere", { late: lateText(t, lateSeconds) })
                : t("dispatch.in_no_run")}
          </span>
        </Line>
      ))}
    </List>
  );
}

function List({ title, name, count, none, children }: { title: string; name: string; count: number; none: string; children: ReactNode[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? children : children.slice(0, shownAtFirst);
  return (
    <section className={`dispatch-card worst-list ${count > 0 ? "bad" : ""}`} data-card={name} aria-label={title}>
      <h2>
        {title} <b className="count numbers">{count}</b>
      </h2>
      {count === 0 ? <p className="quiet-text">{none}</p> : <ul>{shown}</ul>}
      {shown.length < count && (
        <button type="button" className="entry" onClick={() => setAll(true)}>
          {t("dispatch.show_all", { count })}
        </button>
      )}
    </section>
  );
}

function Line({
  model,
  stop,
  selected,
  onSelect,
  startDrag,
  withWindow,
  children,
}: Props & { stop: string; withWindow?: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  const asked = model.stopOf.get(stop);
  return (
    <li>
      <button
        type="button"
        className={`worst-line ${stop === selected ? "selected" : ""}`}
        data-stop={stop}
        aria-pressed={stop === selected}
        onClick={() => onSelect(stop)}
        onPointerDown={(event) => startDrag(event, stop)}
      >
        <span className="mono" title={stop}>
          {shortId(stop)}
        </span>
        {asked && (
          <span className="quiet">
            {t(`dispatch.${asked.kind}`)} · {t(`dispatch.parcels`, { count: asked.count })}
            {withWindow && asked.fromUs > 0n && <> · {windowText(t, asked.fromUs, asked.untilUs, model.view.day, language())}</>}
          </span>
        )}
        {children}
      </button>
    </li>
  );
}
