import { Button, Card, Steps, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { minute } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { CaseView } from "../../gen/kal/cases/v1/cases_pb";
import { type Promise as Promised, PromiseState } from "../../gen/kal/cases/v1/history_pb";
import type { CaseAct } from "./CaseActs";
import { sevenSteps, stepsDone } from "./steps";

export function ComplaintView({ data, onAct }: { data: CaseView; onAct: (act: CaseAct) => void }) {
  const { t } = useTranslation();
  const stage = data.summary?.stage ?? "";
  return (
    <>
      <Card size="small" title={t("case.seven_steps")} data-card="steps">
        <Steps
          orientation="vertical"
          size="small"
          current={stepsDone(stage)}
          items={sevenSteps.map((step) => ({ title: t(`case_seven.${step}`), content: t(`case_seven_means.${step}`) }))}
        />
      </Card>
      {data.summary?.serious && (
        <Card size="small" title={t("case.serious_title")} data-card="serious">
          <p className="quiet-text">{t("case.serious_hint")}</p>
          <p>
            {t("case.cause")}: {data.cause ? <b>{t(`case_reason.${data.cause}`, { defaultValue: data.cause })}</b> : t("case.cause_open")}
          </p>
          <p>
            {t("case.corrective")}: {t(data.corrected ? "case.corrective_said" : "case.cause_open")}
          </p>
        </Card>
      )}
      <PromisesCard data={data} onAct={onAct} />
    </>
  );
}

export function PromisesCard({ data, onAct }: { data: CaseView; onAct: (act: CaseAct) => void }) {
  const { t } = useTranslation();
  const acts = may(Permission.CASE_ACT) && data.summary?.state !== "closed";
  return (
    <Card
      size="small"
      title={t("case.promises")}
      data-card="promises"
      extra={
        acts && data.promiseKinds.length > 0 ? (
          <Button size="small" onClick={() => onAct({ kind: "promise" })} data-act="promise">
            {t("case.promise")}
          </Button>
        ) : undefined
      }
    >
      {data.promises.length === 0 && <p className="quiet-text">{t("case.no_promise")}</p>}
      {data.promises.map((one) => (
        <PromiseLine
          key={one.clock}
          one={one}
          onDone={acts && one.doneUs === 0n ? () => onAct({ kind: "promise_done", clock: one.clock }) : undefined}
        />
      ))}
    </Card>
  );
}

function PromiseLine({ one, onDone }: { one: Promised; onDone: (() => void) | undefined }) {
  const { t } = useTranslation();
  const word = { [PromiseState.KEPT]: "kept", [PromiseState.BROKEN]: "broken" }[one.state as number] ?? "open";
  const colour = { kept: "green", broken: "red", open: "gold" }[word] ?? "gold";
  return (
    <div className="promise" data-promise={one.clock} data-state={word}>
      <Tag color={colour}>{t(`case.promise_${word}`)}</Tag>
      <b>{t(`case_reason.${one.what}`, { defaultValue: one.what })}</b>
      <span className="numbers">{t("clock.due", { at: minute(one.dueUs, language()) })}</span>
      <span className="quiet-text">
        <Person id={one.by} />
        {one.doneUs > 0n && ` · ${t("case.promise_done_at", { at: minute(one.doneUs, language()) })}`}
      </span>
      {onDone && (
        <Button size="small" onClick={onDone} data-act="promise_done">
          {t("case.promise_done")}
        </Button>
      )}
    </div>
  );
}
