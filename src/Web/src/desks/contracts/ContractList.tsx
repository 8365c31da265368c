import { Alert, Button, Segmented, Table } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { useLoad, usePages } from "../../app/load";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { useTitle } from "../../app/title";
import { day, daysUntil } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { AlertView, VersionSummary } from "../../gen/kal/contracts/v1/contracts_pb";
import { contracts } from "./client";
import { StateTag } from "./StateTag";

const filters = ["", "in_force", "proposed", "approved", "draft", "signed"];

// Where one sees what is to be done about it.
const alertPath = (one: AlertView) =>
  one.kind === "obligation_overdue"
    ? `/contracts/obligations?account=${encodeURIComponent(one.account)}`
    : one.contract
      ? `/contracts/${one.contract}/${one.version}`
      : `/accounts/${one.account}`;

// Every version one may see; what waits for somebody stands first in mind: proposed and approved are one click away.
export default function ContractList() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const account = query.get("account") ?? "";
  const state = query.get("state") ?? "";
  useTitle(t("nav.contracts"));
  const list = usePages(`${account}|${state}`, async (pageToken) => {
    const page = await contracts.list({ account, state, pageSize: 100, pageToken });
    return { rows: page.versions, next: page.nextPageToken };
  });
  const alerts = useLoad(`alerts ${account}`, async () => (await contracts.listAlerts({ account, pageSize: 100 })).alerts);
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(query);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setQuery(changed, { replace: true });
  };
  const now = Date.now();
  const open = (alerts.data ?? []).filter((one) => one.closedAtUs === 0n).sort((a, b) => a.due.localeCompare(b.due));
  return (
    <>
      <div className="title-row">
        <h1 className="desk-title">
          {t("nav.contracts")} {account && <span className="mono">{account}</span>}
        </h1>
        <span className="states">
          <Link to={`/contracts/obligations${account ? `?account=${encodeURIComponent(account)}` : ""}`}>{t("obligation.title")}</Link>
          {may(Permission.CONTRACT_EDIT) && (
            <Button type="primary" onClick={() => go("/contracts/write")}>
              {t("contract.write")}
            </Button>
          )}
        </span>
      </div>
      {open.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t("contract.alerts")}
          description={
            <ul className="plain-list tight">
              {open.slice(0, 6).map((one) => (
                <li key={String(one.id)}>
                  <b className="numbers">{one.due}</b> {t("contract.in_days", { days: daysUntil(one.due, now) })} ·{" "}
                  <Link to={alertPath(one)}>{one.contract || one.account}</Link> {t(`alert_words.${one.kind}`, { defaultValue: one.kind })}
                </li>
              ))}
            </ul>
          }
        />
      )}
      <div className="toolbar">
        <Segmented
          value={state}
          onChange={(value) => set("state", String(value))}
          options={filters.map((value) => ({ value, label: value ? t(`version_state.${value}`) : t("common.all") }))}
        />
        {account && <Button onClick={() => set("account", "")}>{t("contract.every_account")}</Button>}
      </div>
      {list.problem && <Alert type="error" showIcon title={list.problem} role="alert" />}
      {!list.problem && (
        <Table<VersionSummary>
          rowKey={(row) => `${row.contract}/${row.version}`}
          size="middle"
          loading={list.busy && !list.rows}
          dataSource={list.rows ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          onRow={(row) => ({ onClick: () => go(`/contracts/${encodeURIComponent(row.contract)}/${row.version}`), className: "row-link" })}
          locale={{ emptyText: <p className="nothing">{list.rows ? t(state ? "contract.none_so" : "contract.none_yet") : "…"}</p> }}
          columns={[
            {
              title: t("contract.contract"),
              render: (_, row) => (
                <Link className="numbers" to={`/contracts/${encodeURIComponent(row.contract)}/${row.version}`}>
                  <b>{row.contract}</b> v{row.version}
                </Link>
              ),
            },
            {
              title: t("contract.state"),
              render: (_, row) => (
                <span className="states">
                  <StateTag state={row.state} />
                  {row.awaiting && <span className="quiet-text">{t("contract.awaits", { role: t(`role.${row.awaiting}`) })}</span>}
                </span>
              ),
            },
            { title: t("account.account"), render: (_, row) => <span className="mono">{row.account}</span> },
            {
              title: t("contract.holds"),
              render: (_, row) => (
                <span className="numbers">
                  {row.effectiveFromUs ? day(row.effectiveFromUs) : t("contract.open_start")} –{" "}
                  {row.effectiveUntilUs ? day(row.effectiveUntilUs) : t("contract.open_end")}
                </span>
              ),
            },
            { title: t("contract.signed_on"), render: (_, row) => <span className="numbers">{day(row.signedAtUs)}</span> },
            { title: t("contract.proposed_by"), responsive: ["lg"], render: (_, row) => <Person id={row.proposedBy} /> },
          ]}
        />
      )}
      {list.more && (
        <Button style={{ marginTop: 12 }} loading={list.busy} onClick={list.next}>
          {t("parcels.more")}
        </Button>
      )}
    </>
  );
}
