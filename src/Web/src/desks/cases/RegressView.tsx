import { Card, Steps, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import type { CaseView } from "../../gen/kal/cases/v1/cases_pb";
import type { RegressSign } from "../../gen/kal/cases/v1/history_pb";
import { evidenceLines } from "../levels/warned";
import { coded } from "../levels/words";
import type { CaseAct } from "./CaseActs";
import { PromisesCard } from "./ComplaintView";
import { playbook, playbookAt } from "./steps";

// A key account that is slipping: where its people stand in the playbook, what shows it, what was promised, and its cause.
export function RegressView({ data, onAct }: { data: CaseView; onAct: (act: CaseAct) => void }) {
  const { t } = useTranslation();
  const closed = data.summary?.state === "closed";
  return (
    <>
      <Card size="small" title={t("case.playbook")} data-card="playbook">
        <Steps
          orientation="vertical"
          size="small"
          current={closed ? playbook.length : playbookAt(data.summary?.stage ?? "")}
          items={playbook.map((stage) => ({ title: t(`case_playbook.${stage}`), content: t(`case_playbook_means.${stage}`) }))}
        />
      </Card>
      <Card size="small" title={t("case.signs")} data-card="signs">
        {data.signs.length === 0 && <p className="quiet-text">{t("case.no_sign")}</p>}
        {data.signs.map((sign) => (
          <SignLine key={`${sign.code} ${sign.reference}`} sign={sign} />
        ))}
      </Card>
      <PromisesCard data={data} onAct={onAct} />
      <Card size="small" title={t("case.cause")} data-card="cause">
        <p>
          {data.cause ? <b>{t(`case_reason.${data.cause}`, { defaultValue: data.cause })}</b> : t("case.cause_open")}{" "}
          {data.cause && (
            <Tag color={data.summary?.uncontrollable ? undefined : "orange"}>
              {t(data.summary?.uncontrollable ? "case.uncontrollable" : "case.controllable")}
            </Tag>
          )}
        </p>
        <p className="quiet-text">{t("case.cause_hint")}</p>
      </Card>
    </>
  );
}

function SignLine({ sign }: { sign: RegressSign }) {
  const { t } = useTranslation();
  return (
    <div className="promise" data-sign={sign.code}>
      <b>{t(`case_reason.${sign.code}`, { defaultValue: coded(t, "warning", sign.code) })}</b>
      {sign.reference && <span className="mono">{sign.reference}</span>}
      <span className="quiet-text numbers">
        {evidenceLines(t, { reason: sign.code, evidence: sign.figures }, language())
          .map((figure) => figure.text)
          .join(" · ")}
      </span>
    </div>
  );
}
