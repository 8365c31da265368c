import { Alert, Button, Segmented, Select, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { usePages } from "../../app/load";
import "./cases.css";
import { Person } from "../../app/Person";
import { isClient, may } from "../../app/rights";
import { currentCaller } from "../../app/session";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { useZone } from "../../app/zone";
import { minute } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { CaseSummary } from "../../gen/kal/cases/v1/cases_pb";
import { ClockBar } from "./ClockBar";
import { cases } from "./client";
import { OpenDialog } from "./OpenDialog";
import { amountText, stateColour } from "./words";

const kinds = ["complaint", "claim", "weight", "cash", "regress"];
// A client is never shown what is the carrier's own matter.
const carriersOwn = ["cash", "regress"];
const dayUs = 86_400_000_000n;

// Every case one may see: mine, what is due within a day, and the rest; each with its nearest clock.
export default function CaseList() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [opening, setOpening] = useState(false);
  const view = query.get("view") ?? "open";
  const kind = query.get("kind") ?? "";
  const account = query.get("account") ?? "";
  useTitle(t("nav.cases"));
  useZone();
  const owner = view === "mine" ? (currentCaller()?.id ?? "") : "";
  const state = view === "all" ? "" : view === "closed" ? "closed" : view === "proposed" ? "proposed" : "";
  const list = usePages(`${view}|${kind}|${account}`, async (pageToken) => {
    const page = await cases.list({
      kind,
      account,
      owner,
      state: view === "open" ? "open" : state,
      dueBeforeUs: view === "due" ? BigInt(Date.now()) * 1000n + dayUs : 0n,
      pageSize: 100,
      pageToken,
    });
    return { rows: page.cases, next: page.nextPageToken };
  });
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(query);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setQuery(changed, { replace: true });
  };
  const views = ["open", "due", ...(isClient() ? [] : ["mine", "proposed"]), "closed", "all"];
  return (
    <>
      <div className="title-row">
        <h1 className="desk-title">{t("nav.cases")}</h1>
        {may(Permission.CASE_OPEN) && <Button onClick={() => setOpening(true)}>{t("case.open_one")}</Button>}
      </div>
      <div className="toolbar">
        <Segmented
          value={view}
          onChange={(value) => set("view", String(value))}
          options={views.map((value) => ({ value, label: t(`case.view_${value}`) }))}
        />
        <Select
          value={kind}
          style={{ minWidth: 130 }}
          aria-label={t("case.kind")}
          onChange={(value) => set("kind", value)}
          options={[
            { value: "", label: t("case.any_kind") },
            ...kinds.filter((one) => !isClient() || !carriersOwn.includes(one)).map((value) => ({ value, label: t(`case_kind.${value}`) })),
          ]}
        />
        <Button onClick={list.again} loading={list.busy && list.rows !== undefined}>
          {t("parcels.refresh")}
        </Button>
      </div>
      {list.problem && <Alert type="error" showIcon title={list.problem} role="alert" />}
      {!list.problem && (
        <Table<CaseSummary>
          rowKey="caseId"
          size="middle"
          loading={list.busy && !list.rows}
          dataSource={list.rows ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          onRow={(row) => ({ onClick: () => go(`/cases/${encodeURIComponent(row.caseId)}`), className: "row-link" })}
          locale={{ emptyText: <p className="nothing">{list.rows ? t(`case.none_${view}`, { defaultValue: t("case.none") }) : "…"}</p> }}
          columns={[
            {
              title: t("case.case"),
              render: (_, row) => (
                <span className="two-lines">
                  <Link to={`/cases/${encodeURIComponent(row.caseId)}`}>
                    <b>{t(`case_kind.${row.kind}`, { defaultValue: row.kind })}</b>
                  </Link>
                  <small className="numbers">{row.subject}</small>
                </span>
              ),
            },
            {
              title: t("case.stage"),
              render: (_, row) => (
                <span className="states" data-case={row.caseId} data-stage={row.stage}>
                  <Tag color={stateColour[row.state]}>{t(`case_stage.${row.stage}`, { defaultValue: row.stage })}</Tag>
                  {row.outcome && <Tag>{t(`outcome.${row.outcome}`, { defaultValue: row.outcome })}</Tag>}
                  {row.about && <Tag>{t(`case_reason.${row.about}`, { defaultValue: row.about })}</Tag>}
                  {row.serious && row.about && <Tag color="red">{t("case.serious")}</Tag>}
                  {row.uncontrollable && <Tag>{t("case.uncontrollable")}</Tag>}
                  {row.reopened > 0 && <Tag color="orange">{t("case.reopened", { count: row.reopened })}</Tag>}
                </span>
              ),
            },
            {
              title: t("case.clock"),
              width: 220,
              render: (_, row) =>
                row.dueAtUs ? (
                  <ClockBar name={row.dueClock} startedUs={row.dueStartedUs || row.openedAtUs} dueUs={row.dueAtUs} />
                ) : (
                  <span className="quiet-text">–</span>
                ),
            },
            {
              title: t("case.on_hold"),
              align: "right",
              render: (_, row) => (
                <span className={`numbers ${row.onHold?.known ? "" : "quiet-text"}`}>{row.onHold ? amountText(t, row.onHold) : "–"}</span>
              ),
            },
            ...(isClient()
              ? []
              : [{ title: t("account.account"), render: (_: unknown, row: CaseSummary) => <span className="mono">{row.account}</span> }]),
            { title: t("case.owner"), responsive: ["lg"], render: (_, row) => <Person id={row.owner} /> },
            {
              title: t("case.opened"),
              responsive: ["lg"],
              render: (_, row) => <span className="numbers">{minute(row.openedAtUs, language())}</span>,
            },
          ]}
        />
      )}
      {list.more && (
        <Button style={{ marginTop: 12 }} loading={list.busy} onClick={list.next}>
          {t("parcels.more")}
        </Button>
      )}
      {opening && (
        <OpenDialog onDone={(id) => (id ? go(`/cases/${encodeURIComponent(id)}`) : setOpening(false))} onClose={() => setOpening(false)} />
      )}
    </>
  );
}
