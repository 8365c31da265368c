import { Alert, Button, Input, Segmented, Select, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { FormDialog } from "../../app/FormDialog";
import { useLoad, usePages } from "../../app/load";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { currentCaller } from "../../app/session";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { daysUntil } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { AccountSummary } from "../../gen/kal/contracts/v1/accounts_pb";
import type { AlertView } from "../../gen/kal/contracts/v1/contracts_pb";
import { contracts } from "../contracts/client";
import { accounts, settled } from "./client";
import { CreateFields, type CreateValues } from "./forms";
import { accountName, gradeColour, paperColour, papersOf } from "./words";

// Every key account one may see, and what each still lacks.
export default function AccountList() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [making, setMaking] = useState(false);
  const text = query.get("text") ?? "";
  const grade = query.get("grade") ?? "";
  const mine = query.get("mine") === "1";
  useTitle(t("nav.accounts"));
  const owner = mine ? (currentCaller()?.id ?? "") : "";
  const list = usePages(`${text}|${grade}|${owner}`, async (pageToken) => {
    const page = await accounts.list({ text, grade, owner, pageSize: 100, pageToken });
    return { rows: page.accounts, next: page.nextPageToken };
  });
  const alerts = useLoad("alerts", async () =>
    may(Permission.CONTRACT_READ) ? (await contracts.listAlerts({ pageSize: 200 })).alerts : ([] as AlertView[]),
  );
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(query);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setQuery(changed, { replace: true });
  };
  const now = Date.now();

  return (
    <>
      <div className="title-row">
        <h1 className="desk-title">{t("nav.accounts")}</h1>
        {may(Permission.ACCOUNT_EDIT) && (
          <Button type="primary" onClick={() => setMaking(true)}>
            {t("account.new")}
          </Button>
        )}
      </div>
      <div className="toolbar">
        <Input.Search
          allowClear
          autoFocus
          enterButton={t("parcels.go")}
          aria-label={t("account.search")}
          placeholder={t("account.search")}
          defaultValue={text}
          className="search"
          onSearch={(value) => set("text", value.trim())}
        />
        <Segmented
          value={mine ? "mine" : "all"}
          onChange={(value) => set("mine", value === "mine" ? "1" : "")}
          options={[
            { value: "all", label: t("account.all") },
            { value: "mine", label: t("account.mine") },
          ]}
        />
        <Select
          value={grade}
          style={{ minWidth: 120 }}
          aria-label={t("account.grade")}
          onChange={(value) => set("grade", value)}
          options={[
            { value: "", label: t("account.any_grade") },
            ...["A", "B", "C"].map((one) => ({ value: one, label: t("account.grade_is", { grade: one }) })),
          ]}
        />
      </div>
      {list.problem && <Alert type="error" showIcon title={list.problem} role="alert" />}
      {!list.problem && (
        <Table<AccountSummary>
          rowKey="account"
          size="middle"
          loading={list.busy && !list.rows}
          dataSource={list.rows ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          onRow={(row) => ({ onClick: () => go(`/accounts/${encodeURIComponent(row.account)}`), className: "row-link" })}
          locale={{
            emptyText: <p className="nothing">{list.rows ? t(text || grade || mine ? "account.none" : "account.none_yet") : "…"}</p>,
          }}
          columns={[
            {
              title: t("account.account"),
              render: (_, row) => (
                <span className="two-lines">
                  <Link to={`/accounts/${encodeURIComponent(row.account)}`}>
                    <b>{accountName(row, language())}</b>
                  </Link>
                  <small className="mono">{row.account}</small>
                </span>
              ),
            },
            { title: t("account.grade"), render: (_, row) => <Tag color={gradeColour[row.grade]}>{row.grade}</Tag> },
            { title: t("account.missing"), render: (_, row) => <Missing row={row} alerts={alerts.data ?? []} now={now} /> },
            { title: t("account.owner"), render: (_, row) => <Person id={row.owner} /> },
            { title: t("account.scope"), responsive: ["md"], render: (_, row) => t(`scope.${row.scope}`, { defaultValue: row.scope }) },
            {
              title: t("account.ownership"),
              responsive: ["lg"],
              render: (_, row) => t(`ownership.${row.ownership}`, { defaultValue: row.ownership }),
            },
          ]}
        />
      )}
      {list.more && (
        <Button style={{ marginTop: 12 }} loading={list.busy} onClick={list.next}>
          {t("parcels.more")}
        </Button>
      )}
      {making && (
        <FormDialog<CreateValues>
          title={t("account.new")}
          ok={t("account.create")}
          initial={{ grade: "B", ownership: "private", owner: "" }}
          run={async (values, commandId) => settled(await accounts.create({ ...values, owner: values.owner || "", commandId }))}
          onDone={() => {
            setMaking(false);
            list.again();
          }}
          onClose={() => setMaking(false)}
        >
          <CreateFields />
        </FormDialog>
      )}
    </>
  );
}

function Missing({ row, alerts, now }: { row: AccountSummary; alerts: AlertView[]; now: number }) {
  const { t } = useTranslation();
  const papers = papersOf(row, now);
  // What the papers say already is not said twice.
  const others = alerts.filter((one) => one.account === row.account && one.closedAtUs === 0n && !one.kind.startsWith("agreement"));
  if (papers.length + others.length === 0) return <Tag color="green">{t("account.complete")}</Tag>;
  return (
    <span className="states">
      {papers.map((paper) => (
        <Tag key={paper} color={paperColour[paper]}>
          {t(`paper.${paper}`, { until: row.agreementUntil })}
        </Tag>
      ))}
      {others.map((one) => (
        <Tag key={String(one.id)} color={daysUntil(one.due, now) < 0 ? "red" : "orange"}>
          {t(`alert.${one.kind}`, { contract: one.contract, due: one.due, defaultValue: one.kind })}
        </Tag>
      ))}
    </span>
  );
}
