import { Alert, Button, Tabs } from "antd";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { useLoad } from "../../app/load";
import { Answered } from "../../app/Pieces";
import { usePeople } from "../../app/people";
import { refusalText } from "../../app/refusals";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { instantOf } from "../../format/entry";
import { showTimesIn } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { DayView, PlaceCost, RunView } from "../../gen/kal/dispatch/v1/runs_pb";
import { dayOf, runs, settled } from "./client";
import { DragCard } from "./DragCard";
import { type DayModel, modelOf, nameIn } from "./dayModel";
import { MoveDialog } from "./MoveDialog";
import { OrderTab } from "./OrderTab";
import { offerAt, useOffers } from "./offers";
import { RunChart } from "./RunChart";
import { SheetTab } from "./SheetTab";
import { StopMap } from "./StopMap";
import { StopPanel } from "./StopPanel";
import { spanOf } from "./timeScale";
import { type Act, useAct } from "./useAct";
import { useDrag } from "./useDrag";
import { WorstLists } from "./WorstLists";
import { moment } from "./words";

const againMs = 60_000;
const tickMs = 20_000;

interface Props {
  depot: string;
  day: string;
  stop: string;
  choice: (day: string) => ReactNode;
  onSelect: (stop: string) => void;
}

// The day as it is now, asked again every minute while somebody looks at it. An answer that an act has overtaken is dropped.
function useDay(depot: string, day: string) {
  const latest = useRef<DayView>(undefined);
  const loaded = useLoad(`${depot}|${day}`, async () => {
    const view = await runs.getDay({ depot, day });
    showTimesIn(view.zone);
    const known = latest.current;
    if (known && known.plannedUs > view.plannedUs) return known;
    latest.current = view;
    return view;
  });
  const { again, put } = loaded;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && again(), againMs);
    return () => clearInterval(timer);
  }, [again]);
  const take = useCallback(
    (view: DayView) => {
      latest.current = view;
      put(view);
    },
    [put],
  );
  return { ...loaded, take };
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now() * 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() * 1000), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function DayDesk({ depot, day, stop, choice, onSelect }: Props) {
  const { t } = useTranslation();
  const loaded = useDay(depot, day);
  const act = useAct();
  const [planning, setPlanning] = useState(false);
  const view = loaded.data;
  const mayPlan = may(Permission.DISPATCH_PLAN);
  const replan = () =>
    act.run("replan", async (commandId) => {
      const reply = await runs.replan({ commandId, depot, day: view?.day ?? day });
      const changed = dayOf(reply);
      if (changed) loaded.take(changed);
      return settled(reply);
    });
  return (
    <>
      <div className="dispatch-bar">
        <h1 className="desk-title">{t("nav.dispatch")}</h1>
        {choice(view?.day ?? "")}
        {mayPlan && (
          <>
            <Button
              type={view && !view.plannedUs ? "primary" : "default"}
              disabled={!view}
              data-act="plan"
              onClick={() => setPlanning(true)}
            >
              {t("dispatch.plan")}
            </Button>
            <Button
              type={view?.plannedUs ? "primary" : "default"}
              disabled={!view?.plannedUs}
              loading={act.busy === "replan"}
              title={t("dispatch.replan_means")}
              data-act="replan"
              onClick={() => void replan()}
            >
              {t("dispatch.replan")}
            </Button>
          </>
        )}
        <span className="quiet-text planned" data-planned={view?.plannedUs ? "yes" : "no"}>
          {view &&
            (view.plannedUs ? t("dispatch.planned_at", { at: moment(view.plannedUs, view.day, language()) }) : t("dispatch.not_planned"))}
        </span>
        <Button className="refresh" loading={loaded.busy && view !== undefined} onClick={loaded.again}>
          {t("parcels.refresh")}
        </Button>
      </div>
      {act.problem && <Alert type="error" showIcon closable={{ onClose: () => act.say("") }} title={act.problem} role="alert" />}
      <Answered of={loaded}>
        {(data) => <Day view={data} stop={stop} act={act} onSelect={onSelect} onDay={loaded.take} onChanged={loaded.again} />}
      </Answered>
      {planning && view && <PlanDialog view={view} onDay={loaded.take} onClose={() => setPlanning(false)} />}
    </>
  );
}

interface DayProps {
  view: DayView;
  stop: string;
  act: Act;
  onSelect: (stop: string) => void;
  onDay: (view: DayView) => void;
  onChanged: () => void;
}

function Day({ view, stop, act, onSelect, onDay, onChanged }: DayProps) {
  const { t } = useTranslation();
  const people = usePeople();
  const model = useMemo(() => modelOf(view, new Map(people.map((one) => [one.id, one.displayName]))), [view, people]);
  const span = useMemo(() => spanOf(view.runs, Number(instantOf(view.day, view.zone) ?? 0n)), [view]);
  const nowUs = useNow();
  const ask = useOffers(view);
  const [moving, setMoving] = useState<{ stop: string; place: PlaceCost }>();
  const [leaving, setLeaving] = useState<RunView>();
  const mayPlan = may(Permission.DISPATCH_PLAN);
  const choose = useRef(onSelect);
  choose.current = onSelect;
  const select = useCallback((next: string) => choose.current(next), []);
  const { drag, offer, start } = useDrag({
    model,
    span,
    allowed: mayPlan,
    ask,
    onDrop: (dropped, over, preview) => {
      select(dropped);
      const here = model.placeOf.get(dropped);
      if (here?.run.courier === over.courier && here.position === over.position) return;
      const place = offerAt(preview, over.position);
      if (place) setMoving({ stop: dropped, place });
      else act.say(preview.refused ? refusalText(t, preview.refused) : t("dispatch.not_there", { name: nameIn(model, over.courier) }));
    },
  });
  const possible = drag?.preview ? offer !== undefined : undefined;
  return (
    <div className={`dispatch ${drag ? "dragging" : ""}`}>
      <WorstLists model={model} selected={stop} onSelect={select} startDrag={start} />
      <RunChart
        model={model}
        span={span}
        nowUs={nowUs}
        selected={stop}
        drag={drag}
        possible={possible}
        onSelect={select}
        startDrag={start}
        onAbsent={mayPlan ? setLeaving : undefined}
      />
      <div className="dispatch-lower">
        <section className="dispatch-card">
          <Tabs size="small" items={tabsOf(t, model, { map: { stop, select, start }, onSelect: select, onChanged })} />
        </section>
        <aside className="dispatch-card" aria-label={t("dispatch.selected")} aria-live="polite">
          <StopPanel
            model={model}
            stop={stop}
            ask={ask}
            onMove={mayPlan ? (moved, place) => setMoving({ stop: moved, place }) : undefined}
            onClose={() => select("")}
          />
        </aside>
      </div>
      {drag && <DragCard model={model} drag={drag} offer={offer} />}
      {moving && <MoveDialog model={model} {...moving} ask={ask} onDay={onDay} onClose={() => setMoving(undefined)} />}
      {leaving && <AbsentDialog model={model} run={leaving} onDay={onDay} onClose={() => setLeaving(undefined)} />}
    </div>
  );
}

interface TabNeeds {
  map: { stop: string; select: (stop: string) => void; start: ReturnType<typeof useDrag>["start"] };
  onSelect: (stop: string) => void;
  onChanged: () => void;
}

function tabsOf(t: ReturnType<typeof useTranslation>["t"], model: DayModel, { map, onSelect, onChanged }: TabNeeds) {
  const tabs = [
    {
      key: "map",
      label: t("dispatch.map"),
      children: <StopMap model={model} selected={map.stop} onSelect={map.select} startDrag={map.start} />,
    },
    { key: "sheets", label: t("dispatch.sheets"), children: <SheetTab model={model} onChanged={onChanged} /> },
  ];
  // Who may not see orders has no tab of them.
  if (may(Permission.PICKUP_ORDER))
    tabs.splice(1, 0, { key: "orders", label: t("dispatch.orders"), children: <OrderTab model={model} onSelect={onSelect} /> });
  return tabs;
}

function PlanDialog({ view, onDay, onClose }: { view: DayView; onDay: (view: DayView) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const { depot, day } = view;
  return (
    <FormDialog<object>
      title={t("dispatch.plan_title", { day })}
      ok={t("dispatch.plan")}
      run={async (_, commandId) => {
        const reply = await runs.plan({ commandId, depot, day });
        const planned = dayOf(reply);
        if (planned) onDay(planned);
        return settled(reply);
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <p>{t(view.plannedUs ? "dispatch.plan_again_means" : "dispatch.plan_means", { stops: view.stops.length, runs: view.runs.length })}</p>
    </FormDialog>
  );
}

function AbsentDialog({
  model,
  run,
  onDay,
  onClose,
}: {
  model: DayModel;
  run: RunView;
  onDay: (view: DayView) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { depot, day } = model.view;
  const name = nameIn(model, run.courier);
  return (
    <FormDialog<object>
      title={t(run.absent ? "dispatch.back_title" : "dispatch.absent_title", { name })}
      ok={t(run.absent ? "dispatch.back" : "dispatch.absent_set")}
      danger={!run.absent}
      run={async (_, commandId) => {
        const reply = await runs.setAbsent({ commandId, depot, day, courier: run.courier, absent: !run.absent });
        const changed = dayOf(reply);
        if (changed) onDay(changed);
        return settled(reply);
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <p>{run.absent ? t("dispatch.back_means") : t(`dispatch.absent_means`, { count: run.visits.length })}</p>
    </FormDialog>
  );
}
