import { Alert, Button, Table, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { usePages } from "../../app/load";
import "./levels.css";
import { isClient } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { useZone } from "../../app/zone";
import { grouped } from "../../format/figures";
import type { Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { AtRiskList } from "./AtRiskList";
import { scorecards } from "./client";
import { DeclaredList } from "./DeclaredList";
import { Behind, DimensionBars, GradeBadge, KnockOuts, labelled, MonthChoice, monthIn, useTableScroll } from "./Pieces";
import { monthDays, monthName } from "./period";
import { SqiView } from "./SqiView";
import { WarningList } from "./WarningList";
import { behindPath, named, scoreText, whyText } from "./words";

// All accounts one may see, the worst first; beside them what is at risk and what is warned of in all of them.
export default function ScoreList() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  useZone();
  useTitle(t("nav.levels"));
  const month = monthIn(query);
  const tab = query.get("tab") ?? "accounts";
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(query);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setQuery(changed, { replace: true });
  };
  return (
    <>
      <div className="title-row">
        <h1 className="desk-title">{t("nav.levels")}</h1>
        <MonthChoice month={month} onChoose={(next) => set("month", next)} />
      </div>
      <Tabs
        activeKey={tab}
        onChange={(key) => set("tab", key === "accounts" ? "" : key)}
        items={[
          { key: "accounts", label: t("levels.tab_accounts"), children: <Accounts key={month} month={month} /> },
          { key: "risk", label: t("levels.at_risk"), children: <AtRiskList account="" month={month} /> },
          // What is warned of, and the network's index, are the carrier's own; a client has his index on his scorecard.
          ...(isClient()
            ? []
            : [
                { key: "warnings", label: t("levels.warnings"), children: <WarningList account="" /> },
                { key: "sqi", label: t("levels.sqi_network"), children: <SqiView account="" month={month} /> },
              ]),
          { key: "declared", label: t("levels.tab_declared"), children: <DeclaredList /> },
        ]}
      />
    </>
  );
}

function Accounts({ month }: { month: string }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const scroll = useTableScroll();
  const spoken = language();
  const { from, to } = monthDays(month);
  const list = usePages(month, async (pageToken) => {
    const page = await scorecards.list({ from, to, pageSize: 100, pageToken });
    return { rows: page.scores, next: page.nextPageToken };
  });
  const path = (account: string) => `/levels/${encodeURIComponent(account)}?month=${month}`;
  const at = (account: string) => ({ account, month, dimension: "", member: "" });
  if (list.problem && !list.rows) {
    return (
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
    );
  }
  return (
    <>
      {list.problem && <Alert type="error" showIcon role="alert" title={list.problem} style={{ marginBottom: 12 }} />}
      <p className="quiet-text">{t("levels.worst_first", { month: monthName(month, spoken) })}</p>
      <Table<Scorecard>
        className="stack"
        rowKey="account"
        size="middle"
        loading={list.busy && !list.rows}
        dataSource={list.rows ?? []}
        pagination={false}
        scroll={scroll}
        onRow={(row) => ({ onClick: () => go(path(row.account)), className: "row-link" })}
        locale={{ emptyText: <p className="nothing">{list.rows ? t("levels.no_accounts", { month: monthName(month, spoken) }) : "…"}</p> }}
        columns={[
          {
            title: t("levels.account"),
            render: (_, row) => (
              <span className="two-lines account-cell">
                <Link to={path(row.account)} onClick={(event) => event.stopPropagation()}>
                  <b>{named(row, spoken) || row.account}</b>
                </Link>
                <small className="mono">{row.account}</small>
                <KnockOuts of={row} />
              </span>
            ),
          },
          {
            title: t("levels.score"),
            onCell: labelled(t("levels.score")),
            render: (_, row) => (
              <span className="grade-cell">
                <GradeBadge grade={row.grade} />
                {row.score ? (
                  <span className="two-lines">
                    <b className="numbers">{scoreText(row.score)}</b>
                    {row.firstScore && row.firstScore !== row.score && (
                      <small className="numbers">
                        {t("levels.first_was", { value: `${scoreText(row.firstScore)} ${row.firstGrade}` })}
                      </small>
                    )}
                  </span>
                ) : (
                  <span className="quiet-text no-score">{whyText(t, row.reason) || t("levels.no_score")}</span>
                )}
              </span>
            ),
          },
          {
            title: t("levels.dimensions"),
            onCell: labelled(t("levels.dimensions")),
            render: (_, row) => <DimensionBars dimensions={row.dimensions} />,
          },
          {
            title: t("levels.parcels"),
            onCell: labelled(t("levels.parcels")),
            align: "right",
            render: (_, row) => (
              <Behind
                to={behindPath(at(row.account), "parcels", "met")}
                label={`${t("levels.parcels")} ${row.parcels}`}
                kind="parcels"
                count={row.parcels}
              >
                {grouped(row.parcels, spoken)}
              </Behind>
            ),
          },
          {
            title: t("levels.excluded"),
            onCell: labelled(t("levels.excluded")),
            align: "right",
            render: (_, row) => (
              <Behind
                to={behindPath(at(row.account), "T2", "excluded")}
                label={`${t("levels.excluded")} ${row.excluded}`}
                kind="excluded"
                count={row.excluded}
              >
                {grouped(row.excluded, spoken)}
              </Behind>
            ),
          },
          {
            title: t("levels.in_doubt"),
            onCell: labelled(t("levels.in_doubt")),
            align: "right",
            render: (_, row) => (
              <Behind
                to={behindPath(at(row.account), "T2", "in_doubt")}
                label={`${t("levels.in_doubt")} ${row.inDoubt}`}
                kind="in_doubt"
                count={row.inDoubt}
              >
                {grouped(row.inDoubt, spoken)}
              </Behind>
            ),
          },
        ]}
      />
      {list.more && (
        <Button style={{ marginTop: 12 }} loading={list.busy} onClick={list.next}>
          {t("parcels.more")}
        </Button>
      )}
    </>
  );
}
