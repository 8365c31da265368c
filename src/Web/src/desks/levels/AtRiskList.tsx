import { Card, Input, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { type Loaded, useLoad } from "../../app/load";
import { Answered } from "../../app/Pieces";
import { language } from "../../app/texts";
import { minuteIn, span } from "../../format/figures";
import type { AtRiskParcel, ListAtRiskReply } from "../../gen/kal/levels/v1/scorecards_pb";
import { scorecards } from "./client";
import { labelled, useTableScroll } from "./Pieces";
import { coded, shareText } from "./words";

const shownAtFirst = 8;

// Parcels whose next gate is likely to be missed, as the server ranks them: by the budget they would cost.
export function AtRiskList({ account, month, of }: { account: string; month: string; of?: Loaded<ListAtRiskReply> }) {
  return of ? <Listed account={account} month={month} of={of} /> : <OfAll month={month} />;
}

function OfAll({ month }: { month: string }) {
  const { t } = useTranslation();
  const [depot, setDepot] = useState("");
  const of = useLoad(depot, () => scorecards.atRisk({ account: "", depot, pageSize: 200 }));
  return (
    <>
      <div className="toolbar">
        <Input.Search
          allowClear
          className="search"
          aria-label={t("levels.depot")}
          placeholder={t("levels.depot")}
          enterButton={t("parcels.go")}
          onSearch={(text) => setDepot(text.trim())}
        />
      </div>
      <Listed account="" month={month} of={of} />
    </>
  );
}

function Listed({ account, month, of }: { account: string; month: string; of: Loaded<ListAtRiskReply> }) {
  const { t } = useTranslation();
  const spoken = language();
  const [all, setAll] = useState(account === "");
  const scroll = useTableScroll();
  const nowUs = BigInt(Date.now()) * 1000n;
  return (
    <Card
      size="small"
      id="at-risk"
      data-card="at-risk"
      title={`${t("levels.at_risk")}${of.data ? ` (${of.data.parcels.length})` : ""}`}
      extra={
        <button type="button" className="text-button" onClick={of.again} disabled={of.busy}>
          {t("parcels.refresh")}
        </button>
      }
    >
      <Answered of={of}>
        {(data) =>
          data.parcels.length === 0 ? (
            <p className="nothing">{t("levels.none_at_risk")}</p>
          ) : (
            <>
              <Table<AtRiskParcel>
                className="stack"
                rowKey="parcel"
                size="small"
                dataSource={all ? data.parcels : data.parcels.slice(0, shownAtFirst)}
                pagination={false}
                scroll={scroll}
                columns={[
                  {
                    title: t("levels.parcel"),
                    render: (_, row) => (
                      <span className="two-lines">
                        <Link to={`/parcels/${encodeURIComponent(row.parcel)}`} className="mono">
                          {row.parcel}
                        </Link>
                        <small>{row.lane}</small>
                      </span>
                    ),
                  },
                  ...(account
                    ? []
                    : [
                        {
                          title: t("levels.account"),
                          render: (_: unknown, row: AtRiskParcel) => (
                            <Link to={`/levels/${encodeURIComponent(row.account)}?month=${month}`}>{row.account}</Link>
                          ),
                        },
                      ]),
                  {
                    title: t("levels.missing"),
                    onCell: labelled(t("levels.missing")),
                    render: (_, row) => (
                      <span className="two-lines">
                        <b>{coded(t, "scan", row.missing) || "–"}</b>
                        <small>
                          {row.lastSeenUs
                            ? t("levels.last_seen", { node: row.lastSeen || "–", at: minuteIn(row.lastSeenUs, row.zone, spoken) })
                            : t("levels.never_seen")}
                        </small>
                      </span>
                    ),
                  },
                  {
                    title: t("levels.next_gate"),
                    onCell: labelled(t("levels.next_gate")),
                    render: (_, row) => (
                      <span className="two-lines numbers">
                        <span>
                          {coded(t, "gate", row.gate)} {minuteIn(row.gateUs, row.zone, spoken)}
                        </span>
                        <small className={row.overdue ? "bad-text" : ""}>
                          {row.overdue ? <Tag color="red">{t("levels.overdue")}</Tag> : null}
                          {row.gateUs === 0n
                            ? ""
                            : nowUs > row.gateUs
                              ? t("levels.ago", { time: span(row.gateUs, nowUs, spoken) })
                              : t("levels.in_time", { time: span(nowUs, row.gateUs, spoken) })}
                        </small>
                      </span>
                    ),
                  },
                  {
                    title: t("levels.promised"),
                    onCell: labelled(t("levels.promised")),
                    render: (_, row) => <span className="numbers">{minuteIn(row.promisedUs, row.zone, spoken)}</span>,
                  },
                  {
                    title: <span title={t("levels.share_hint")}>{t("levels.share")}</span>,
                    onCell: labelled(t("levels.share")),
                    align: "right",
                    render: (_, row) => <span className="numbers">{shareText(row.share) || t("levels.nothing_left")}</span>,
                  },
                ]}
              />
              {data.parcels.length > shownAtFirst && account !== "" && (
                <button type="button" className="text-button" aria-expanded={all} onClick={() => setAll(!all)}>
                  {all ? t("levels.fewer") : t("levels.all_of", { n: data.parcels.length })}
                </button>
              )}
            </>
          )
        }
      </Answered>
    </Card>
  );
}
