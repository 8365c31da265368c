import { Alert, Button, Form, Input, Segmented, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";
import { FormDialog } from "../../app/FormDialog";
import { usePages } from "../../app/load";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { useZone } from "../../app/zone";
import { day, daysUntil } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { ObligationView } from "../../gen/kal/contracts/v1/contracts_pb";
import { contracts } from "./client";
import { dayBeside, obligationStates, owed, pagesOf } from "./obligations";

const colours: Record<string, string> = { overdue: "red", open: "gold", late: "orange", met: "green" };
const usualDays = 90;

// What carrier and client owe each other regularly, and how it stands: what is overdue first.
export default function ObligationList() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const [meeting, setMeeting] = useState<ObligationView>();
  useZone();
  useTitle(t("obligation.title"));
  const today = day(Date.now() * 1000);
  const account = query.get("account") ?? "";
  const state = obligationStates.find((one) => one === query.get("state")) ?? "";
  const isDay = (text: string | null) => (text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined);
  const firstDue = isDay(query.get("from")) ?? dayBeside(today, -usualDays);
  const lastDue = isDay(query.get("to")) ?? dayBeside(today, usualDays);
  const list = usePages(`${account}|${state}|${firstDue}|${lastDue}`, (pageToken) =>
    pagesOf(state ? [state] : obligationStates, pageToken, async (of, token) => {
      const page = await contracts.listObligations({ account, firstDue, lastDue, state: of, pageSize: 100, pageToken: token });
      return { rows: page.obligations, next: page.nextPageToken };
    }),
  );
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(query);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setQuery(changed, { replace: true });
  };
  const mayMeet = may(Permission.CONTRACT_EDIT);
  return (
    <>
      <p className="crumbs">
        <Link to="/contracts">{t("nav.contracts")}</Link>
      </p>
      <h1 className="desk-title">
        {t("obligation.title")} {account && <span className="mono">{account}</span>}
      </h1>
      <div className="toolbar">
        <Segmented
          value={state}
          aria-label={t("obligation.state")}
          onChange={(value) => set("state", String(value))}
          options={["", ...obligationStates].map((value) => ({ value, label: value ? t(`obligation.is_${value}`) : t("common.all") }))}
        />
        <span className="states">
          <span>{t("obligation.due_between")}</span>
          <Input
            type="date"
            className="day-input"
            aria-label={t("obligation.from")}
            value={firstDue}
            max={lastDue}
            onChange={(at) => set("from", at.target.value)}
          />
          –
          <Input
            type="date"
            className="day-input"
            aria-label={t("obligation.to")}
            value={lastDue}
            min={firstDue}
            onChange={(at) => set("to", at.target.value)}
          />
        </span>
        {account && <Button onClick={() => set("account", "")}>{t("contract.every_account")}</Button>}
      </div>
      {list.problem && <Alert type="error" showIcon title={list.problem} role="alert" />}
      {!list.problem && (
        <Table<ObligationView>
          rowKey={(row) => `${row.contract}|${row.clause}|${row.due}`}
          size="middle"
          loading={list.busy && !list.rows}
          dataSource={list.rows ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          onRow={(row) => ({ "data-obligation": `${row.contract}/${row.clause}/${row.due}`, "data-state": row.state }) as object}
          locale={{ emptyText: <p className="nothing">{list.rows ? t("obligation.none") : "…"}</p> }}
          columns={[
            {
              title: t("obligation.due"),
              render: (_, row) => (
                <span className="two-lines numbers">
                  <b>{row.due}</b>
                  {(row.state === "open" || row.state === "overdue") && (
                    <small className={row.state === "overdue" ? "bad-text" : ""}>{owed(t, daysUntil(row.due, Date.now()))}</small>
                  )}
                </span>
              ),
            },
            {
              title: t("obligation.state"),
              render: (_, row) => <Tag color={colours[row.state]}>{t(`obligation.is_${row.state}`, { defaultValue: row.state })}</Tag>,
            },
            {
              title: t("obligation.what"),
              render: (_, row) => (
                <span className="two-lines">
                  <b>{language() === "zh" ? row.zh || row.en : row.en || row.zh}</b>
                  <small className="numbers">{t("obligation.period", { first: row.periodFirst, last: row.periodLast })}</small>
                </span>
              ),
            },
            { title: t("obligation.by"), render: (_, row) => t(`obligation.by_${row.by}`, { defaultValue: row.by }) },
            {
              title: t("contract.contract"),
              render: (_, row) => (
                <span className="two-lines">
                  <Link className="numbers" to={`/contracts/${encodeURIComponent(row.contract)}/${row.version}#${row.clause}`}>
                    {row.contract} v{row.version} · {row.clause}
                  </Link>
                  <small className="mono">{row.account}</small>
                </span>
              ),
            },
            {
              title: t("obligation.met"),
              render: (_, row) =>
                row.metOn ? (
                  <span className="two-lines">
                    <span className="numbers">
                      {row.metOn} · {row.reference}
                    </span>
                    <small>
                      <Person id={row.metBy} />
                    </small>
                  </span>
                ) : mayMeet ? (
                  <Button size="small" onClick={() => setMeeting(row)} data-act="meet">
                    {t("obligation.mark_met")}
                  </Button>
                ) : (
                  <span className="quiet-text">–</span>
                ),
            },
          ]}
        />
      )}
      {list.more && (
        <Button style={{ marginTop: 12 }} loading={list.busy} onClick={list.next}>
          {t("parcels.more")}
        </Button>
      )}
      {meeting && (
        <Meet
          one={meeting}
          today={today}
          onDone={() => {
            setMeeting(undefined);
            list.again();
          }}
          onClose={() => setMeeting(undefined)}
        />
      )}
    </>
  );
}

function Meet({ one, today, onDone, onClose }: { one: ObligationView; today: string; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const what = language() === "zh" ? one.zh || one.en : one.en || one.zh;
  return (
    <FormDialog<{ metOn: string; reference: string }>
      title={t("obligation.mark_title", { what, due: one.due })}
      ok={t("obligation.mark_met")}
      initial={{ metOn: today }}
      fields={{ met_on: "metOn" }}
      run={async ({ metOn, reference }, commandId) => {
        const { contract, clause, due } = one;
        const reply = await contracts.meetObligation({ contract, clause, due, metOn, reference: reference.trim(), commandId });
        return reply.answer.case === "refused" ? reply.answer.value : undefined;
      }}
      onDone={onDone}
      onClose={onClose}
    >
      <Form.Item name="metOn" label={t("obligation.met_on")} rules={[{ required: true }]}>
        <Input type="date" max={today} />
      </Form.Item>
      <Form.Item
        name="reference"
        label={t("obligation.reference")}
        extra={t("obligation.reference_hint")}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={120} autoFocus />
      </Form.Item>
      <p className="quiet-text">{t("obligation.once")}</p>
    </FormDialog>
  );
}
