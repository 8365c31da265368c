import { Alert, Button, Form, Input, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { FormDialog } from "../../app/FormDialog";
import { usePages } from "../../app/load";
import "./warnings.css";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { minute, span } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { WarningView } from "../../gen/kal/levels/v1/scorecards_pb";
import { listWarnings, warnings } from "./client";
import { coded, evidenceText } from "./words";

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
          initial={{ done: acting.done }}
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
            <b>{coded(t, "warning", acting.reason)}</b>
          </p>
          <p className="quiet-text">{t("levels.act_hint")}</p>
          <Form.Item name="done" label={t("levels.done")} rules={[{ required: true, whitespace: true }]}>
            <Input.TextArea rows={4} maxLength={1000} />
          </Form.Item>
        </FormDialog>
      )}
    </>
  );
}

function Warned({ one, ofAll, onAct }: { one: WarningView; ofAll: boolean; onAct: () => void }) {
  const { t } = useTranslation();
  const spoken = language();
  const nowUs = BigInt(Date.now()) * 1000n;
  const stands = one.closedUs === 0n;
  const late = stands && one.dueUs !== 0n && one.dueUs < nowUs;
  return (
    <li className={`warned ${stands ? (late ? "late" : one.done ? "acted" : "standing") : "closed"}`} data-warning={one.id}>
      <div className="warned-head">
        <Tag>{coded(t, "family", one.family)}</Tag>
        <b>{coded(t, "warning", one.reason)}</b>
        {ofAll && <Link to={`/levels/${encodeURIComponent(one.account)}`}>{one.account}</Link>}
        {late && <Tag color="red">{t("levels.late_since", { time: span(one.dueUs, nowUs, language()) })}</Tag>}
      </div>
      {Object.keys(one.evidence).length > 0 && (
        <p className="evidence numbers">
          {Object.entries(one.evidence)
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([name, value]) => (
              <span key={name}>{evidenceText(t, name, value)}</span>
            ))}
        </p>
      )}
      <p className="warned-who">
        <span>
          {t("levels.owner")} <Person id={one.owner} />
        </span>
        <span className="numbers">{t("levels.since", { at: minute(one.sinceUs, spoken) })}</span>
        {one.dueUs !== 0n && stands && <span className="numbers">{t("levels.due_by", { at: minute(one.dueUs, spoken) })}</span>}
        {!stands && (
          <span className="numbers">
            {t("levels.closed_at", { at: minute(one.closedUs, spoken) })}
            {one.closedBecause && `${t("levels.colon")}${coded(t, "closed_because", one.closedBecause)}`}
          </span>
        )}
      </p>
      <p className="warned-done">
        <span>
          <b>{t("levels.done")}</b>
          {t("levels.colon")}
          {one.done || <span className="quiet">{t("levels.nothing_done")}</span>}
        </span>
        {stands && may(Permission.SCORE_ACT) && (
          <Button size="small" type={one.done ? "default" : "primary"} onClick={onAct} data-act="act">
            {t("levels.act")}
          </Button>
        )}
      </p>
    </li>
  );
}
