import { Alert, Button, Form, Input, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { FormDialog } from "../../app/FormDialog";
import { usePages } from "../../app/load";
import "./warnings.css";
import { Person } from "../../app/Person";
import { isClient, may } from "../../app/rights";
import { language } from "../../app/texts";
import { minute, span } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { WarningView } from "../../gen/kal/levels/v1/scorecards_pb";
import { listWarnings, warnings } from "./client";
import { monthOf } from "./period";
import { evidenceLines, subjectOf, whyWarned } from "./warned";
import { coded } from "./words";

// What is warned of: standing ones first, with why and by which figures, who answers for it until when, and what was done. One closes by itself when its cause is gone.
export function WarningList({ account, onChanged }: { account: string; onChanged?: () => void }) {
  const { t } = useTranslation();
  const [closed, setClosed] = useState(false);
  const [kept, setKept] = useState(true);
  const [acting, setActing] = useState<WarningView>();
  const list = usePages(`${account}|${closed}`, async (pageToken) => {
    const page = await listWarnings(account, closed, pageToken);
    setKept(page.kept);
    return page;
  });
  const rows = list.rows ?? [];
  const standing = rows.filter((one) => one.closedUs === 0n);
  const gone = rows.filter((one) => one.closedUs !== 0n);
  const shown = (one: WarningView) => <Warned key={one.id} one={one} ofAll={account === ""} onAct={() => setActing(one)} />;
  if (!kept) return <p className="nothing">{t("levels.warnings_not_kept")}</p>;
  return (
    <>
      {list.problem && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={list.problem}
          action={
            <Button size="small" onClick={list.again} loading={list.busy}>
              {t("app.again")}
            </Button>
          }
        />
      )}
      {list.rows && standing.length === 0 && <p className="nothing">{t("levels.no_warnings")}</p>}
      <ul className="warned-list" data-list="standing">
        {standing.map(shown)}
      </ul>
      <button type="button" className="text-button" aria-expanded={closed} onClick={() => setClosed(!closed)} data-act="closed">
        {t(closed ? "levels.hide_closed" : "levels.show_closed")}
      </button>
      {closed && list.rows && gone.length === 0 && !list.busy && <p className="quiet-text">{t("levels.none_closed")}</p>}
      {closed && gone.length > 0 && (
        <ul className="warned-list closed" data-list="closed">
          {gone.map(shown)}
        </ul>
      )}
      {list.more && (
        <p>
          <Button loading={list.busy} onClick={list.next}>
            {t("parcels.more")}
          </Button>
        </p>
      )}
      {acting && (
        <FormDialog<{ done: string }>
          title={t("levels.act_title")}
          ok={t("common.save")}
          initial={{ done: "" }}
          run={async ({ done }, commandId) => {
            await warnings.act({ commandId, id: acting.id, done: done.trim() });
            return undefined;
          }}
          onDone={() => {
            setActing(undefined);
            list.again();
            onChanged?.();
          }}
          onClose={() => setActing(undefined)}
        >
          <p>
            <b>{whyWarned(t, acting, language())}</b>
          </p>
          <p className="quiet-text">{t("levels.act_hint")}</p>
          <Form.Item name="done" label={t("levels.done")} rules={[{ required: true, whitespace: true }]}>
            <Input.TextArea rows={4} maxLength={500} />
          </Form.Item>
        </FormDialog>
      )}
    </>
  );
}

const subjectsShown = 8;

function Warned({ one, ofAll, onAct }: { one: WarningView; ofAll: boolean; onAct: () => void }) {
  const { t } = useTranslation();
  const spoken = language();
  const nowUs = BigInt(Date.now()) * 1000n;
  const stands = one.closedUs === 0n;
  const late = stands && one.dueUs !== 0n && one.dueUs < nowUs;
  const figures = evidenceLines(t, one, spoken);
  return (
    <li
      className={`warned ${stands ? (late ? "late" : one.done ? "acted" : "standing") : "closed"}`}
      data-warning={one.id}
      data-reason={one.reason}
    >
      <div className="warned-head">
        <Tag>{coded(t, "family", one.family)}</Tag>
        {one.level && stands && (
          <Tag color={one.level === "act" ? "orange" : undefined} data-level={one.level}>
            {coded(t, "level", one.level)}
          </Tag>
        )}
        <b>{whyWarned(t, one, spoken)}</b>
        {ofAll && <Link to={`/levels/${encodeURIComponent(one.account)}`}>{one.account}</Link>}
        {late && <Tag color="red">{t("levels.late_since", { time: span(one.dueUs, nowUs, spoken) })}</Tag>}
        {!stands && <Tag color="green">{t("levels.closed_itself", { at: minute(one.closedUs, spoken) })}</Tag>}
      </div>
      {figures.length > 0 && (
        <p className="evidence numbers">
          {figures.map((figure) => (
            <span key={figure.name} data-figure={figure.name}>
              {figure.text}
            </span>
          ))}
        </p>
      )}
      {one.subjects.length > 0 && <Subjects one={one} />}
      {one.caseId && (
        <p>
          <Link to={`/cases/${encodeURIComponent(one.caseId)}`} data-case={one.caseId}>
            {t("levels.regress_case", { id: one.caseId })}
          </Link>
        </p>
      )}
      <p className="warned-who">
        <span>
          {t("levels.owner")} <Person id={one.owner} />
        </span>
        <span className="numbers">{t("levels.since", { at: minute(one.sinceUs, spoken) })}</span>
        {one.dueUs !== 0n && stands && <span className="numbers">{t("levels.due_by", { at: minute(one.dueUs, spoken) })}</span>}
        {!stands && one.closedBecause && <span>{coded(t, "closed_because", one.closedBecause)}</span>}
      </p>
      <div className="warned-done">
        <Acts one={one} />
        {stands && may(Permission.SCORE_ACT) && (
          <Button size="small" type={one.done ? "default" : "primary"} onClick={onAct} data-act="act">
            {t("levels.act")}
          </Button>
        )}
      </div>
    </li>
  );
}

// What it is about: each opens where it can be looked at.
function Subjects({ one }: { one: WarningView }) {
  const { t } = useTranslation();
  const month = monthOf(one.sinceUs);
  return (
    <p className="warned-subjects" data-subjects={one.subjects[0]?.kind}>
      <b>{coded(t, "subject_of", one.subjects[0]?.kind ?? "")}</b>
      {one.subjects.slice(0, subjectsShown).map((subject) => {
        const { text, to } = subjectOf(t, subject, one.account, month, language());
        return to && !(isClient() && to.startsWith("/accounts")) ? (
          <Link key={subject.name} to={to}>
            {text}
          </Link>
        ) : (
          <span key={subject.name}>{text}</span>
        );
      })}
      {one.subjects.length > subjectsShown && (
        <span className="quiet-text">{t("levels.subjects_more", { n: one.subjects.length - subjectsShown })}</span>
      )}
    </p>
  );
}

// The whole history, the latest last; a server of before has only that.
function Acts({ one }: { one: WarningView }) {
  const { t } = useTranslation();
  if (one.acts.length === 0) {
    return (
      <span>
        <b>{t("levels.done")}</b>
        {t("levels.colon")}
        {one.done || <span className="quiet">{t("levels.nothing_done")}</span>}
      </span>
    );
  }
  return (
    <div>
      <b>{t("levels.acts")}</b>
      <ol className="warned-acts">
        {one.acts.map((act, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: acts are appended and never change places.
          <li key={i}>
            {act.words} <span className="quiet-text numbers">{minute(act.atUs, language())}</span> <Person id={act.who} />
          </li>
        ))}
      </ol>
    </div>
  );
}
