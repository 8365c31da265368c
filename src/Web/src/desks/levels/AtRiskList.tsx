import { Alert, Button, Card, Input, Table, Tag } from "antd";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { faultText } from "../../app/faults";
import { type Loaded, useLoad } from "../../app/load";
import { Answered } from "../../app/Pieces";
import { type Language, language } from "../../app/texts";
import { grouped, minuteIn, span } from "../../format/figures";
import type { AtRiskParcel, ListAtRiskReply } from "../../gen/kal/levels/v1/scorecards_pb";
import { scorecards } from "./client";
import { labelled, useTableScroll } from "./Pieces";
import { coded, shareText } from "./words";

const shownAtFirst = 8;
const pageSize = 200;

export const askAtRisk = (account: string, depot: string, pageToken = "") => scorecards.atRisk({ account, depot, pageSize, pageToken });

// Parcels whose next gate is likely to be missed, as the server ranks them: those that can still be saved by the budget they would cost, then those that are past it.
export function AtRiskList({ account, month, of }: { account: string; month: string; of?: Loaded<ListAtRiskReply> }) {
  return of ? <Listed account={account} month={month} depot="" of={of} /> : <OfAll month={month} />;
}

function OfAll({ month }: { month: string }) {
  const { t } = useTranslation();
  const [depot, setDepot] = useState("");
  const of = useLoad(depot, () => askAtRisk("", depot));
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
      <Listed account="" month={month} depot={depot} of={of} />
    </>
  );
}

function Listed({ account, month, depot, of }: { account: string; month: string; depot: string; of: Loaded<ListAtRiskReply> }) {
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
      title={`${t("levels.at_risk")}${of.data ? ` (${countText(t, of.data, spoken)})` : ""}`}
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
              <p className="quiet-text" data-at-risk="totals">
                {t("levels.risk_split", { saved: grouped(data.canBeSaved, spoken), past: grouped(data.past, spoken) })}
              </p>
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
                    render: (_, row) => (
                      <span className="numbers">{shareText(row.share) || (row.nothingLeft ? t("levels.nothing_left") : "–")}</span>
                    ),
                  },
                ]}
              />
              {data.parcels.length > shownAtFirst && account !== "" && (
                <button type="button" className="text-button" aria-expanded={all} onClick={() => setAll(!all)}>
                  {all ? t("levels.fewer") : t("levels.all_of", { n: data.parcels.length })}
                </button>
              )}
              {all && data.nextPageToken !== "" && <More account={account} depot={depot} of={data} onMore={of.put} />}
            </>
          )
        }
      </Answered>
    </Card>
  );
}

// A list that is cut off says so: "200 of 1,340".
function countText(t: TFunction, data: ListAtRiskReply, spoken: Language): string {
  const all = grouped(data.canBeSaved + data.past, spoken);
  return data.nextPageToken ? t("levels.shown_of", { n: grouped(data.parcels.length, spoken), all }) : all;
}

interface MoreProps {
  account: string;
  depot: string;
  of: ListAtRiskReply;
  onMore: (data: ListAtRiskReply) => void;
}

// What moved up since the page before was asked for is not listed twice.
function More({ account, depot, of, onMore }: MoreProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const more = async () => {
    setBusy(true);
    setProblem("");
    try {
      const next = await askAtRisk(account, depot, of.nextPageToken);
      const known = new Set(of.parcels.map((one) => one.parcel));
      onMore({ ...next, parcels: [...of.parcels, ...next.parcels.filter((one) => !known.has(one.parcel))] });
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {problem && <Alert type="error" showIcon role="alert" title={problem} />}
      <p>
        <Button loading={busy} onClick={() => void more()} data-act="more">
          {t("parcels.more")}
        </Button>
      </p>
    </>
  );
}
