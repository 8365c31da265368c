import { Alert, Button, Segmented, Table, Tag } from "antd";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router-dom";
import { useLoad, usePages } from "../../app/load";
import "./levels.css";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { currentCaller } from "../../app/session";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { useZone } from "../../app/zone";
import { day as dayText, grouped, instant, minute, span } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { Behind } from "../../gen/kal/levels/v1/scorecards_pb";
import { RawEventDrawer } from "../parcel/RawEventDrawer";
import { scorecards } from "./client";
import { ExcludeDialog } from "./ExcludeDialog";
import { remember } from "./members";
import { ObjectButton } from "./ObjectButton";
import { labelled, monthIn, useTableScroll } from "./Pieces";
import { dayName, monthDays, monthName } from "./period";
import { SliceChoice } from "./SliceChoice";
import { coded, counted, figureText, gateName, missedOf, named, unitSign, valueText, whyWithout } from "./words";

const kinds = ["missed", "met", "counted", "excluded", "in_doubt", "open"] as const;
type Kind = (typeof kinds)[number];

// Every figure but an indicator has one side only: parcels are there, failures are failures.
const kindsOf = (indicator: string): readonly Kind[] =>
  indicator === "parcels"
    ? ["met"]
    : indicator.length === 1
      ? ["missed", "excluded", "in_doubt", "open"]
      : /^[TQCSO][1-9]\d?$/.test(indicator)
        ? kinds
        : ["missed", "excluded", "in_doubt"];
const isDay = (text: string | null) => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);

// The parcels behind one figure, with what was due, what decided it, and the facts themselves.
export default function BehindPage() {
  const { account = "", indicator = "" } = useParams();
  const { t } = useTranslation();
  const spoken = language();
  const [query, setQuery] = useSearchParams();
  const [raw, setRaw] = useState("");
  const [excluding, setExcluding] = useState<Behind>();
  const [said, setSaid] = useState("");
  const scroll = useTableScroll();
  const month = monthIn(query);
  const days = isDay(query.get("from")) && isDay(query.get("to"));
  const { from, to } = days ? { from: query.get("from") ?? "", to: query.get("to") ?? "" } : monthDays(month);
  const shown = kindsOf(indicator);
  const which = shown.find((one) => one === query.get("which")) ?? shown[0] ?? "missed";
  const dimension = query.get("dimension") ?? "";
  const member = query.get("member") ?? "";
  const sliced = dimension !== "" && member !== "";
  const of = { account, from, to, dimension: sliced ? dimension : "", member: sliced ? member : "" };
  const key = JSON.stringify(of);
  // The figure itself stands above what it is made of.
  const card = useLoad(key, () => scorecards.get(of));
  useZone(card.data?.zone || undefined);
  const list = usePages(`${key}|${indicator}|${which}`, async (pageToken) => {
    const page = await scorecards.drillDown({ of, indicator, which, pageSize: 100, pageToken });
    remember(account, page.items);
    return { rows: page.items, next: page.nextPageToken };
  });
  const set = (changes: Record<string, string>) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setQuery(next, { replace: true });
  };
  const one = card.data?.dimensions.flatMap((found) => found.indicators).find((found) => found.indicator === indicator);
  const isIndicator = shown === kinds;
  const several = indicator === "failures" || indicator.length === 1;
  const name = one
    ? named(one, spoken)
    : isIndicator
      ? ""
      : indicator === "parcels"
        ? t("levels.accepted")
        : indicator.startsWith("gate.")
          ? t("levels.gate_step", { gate: gateName(t, indicator.slice("gate.".length)) })
          : indicator === "failures"
            ? t("levels.all_failures")
            : indicator.length === 1
              ? t(`dimension.${indicator}`, { defaultValue: indicator })
              : coded(t, "component", indicator);
  useTitle(isIndicator ? `${indicator} ${name}`.trim() : name);
  const value = one ? valueText(one) : "";
  const missed = one ? missedOf(one) : "";
  const period = days ? (from === to ? dayName(from, spoken) : `${from} – ${to}`) : monthName(month, spoken);
  const back = `/levels/${encodeURIComponent(account)}?${new URLSearchParams({ month, ...(sliced ? { dimension, member } : {}) })}`;
  // What an exclusion leaves out: punctuality and what follows from it.
  const mayExclude = may(Permission.SCORE_EXCLUDE) && ["T2", "T3", "T4", "Q3", "right_day_late", "wrong_day_late"].includes(indicator);
  const slice = (dimension: string, member: string) =>
    member ? (
      <button
        type="button"
        className="text-button flush"
        title={`${t(`levels.slice_by.${dimension}`)}${t("levels.colon")}${t("levels.only_this")}`}
        data-slice={dimension}
        onClick={() => set({ dimension, member })}
      >
        {member}
      </button>
    ) : (
      <span className="quiet">–</span>
    );
  return (
    <>
      <p className="crumbs">
        <Link to={`/levels?month=${month}`}>{t("nav.levels")}</Link> /{" "}
        <Link to={back}>{card.data ? named(card.data, spoken) || account : account}</Link>
      </p>
      <div className="title-row">
        <h1 className="desk-title">
          {isIndicator && <span className="clause-id">{indicator}</span>} {name} · {period}
        </h1>
        <SliceChoice
          account={account}
          month={month}
          contract={card.data?.contract ?? ""}
          dimension={dimension}
          member={member}
          onChoose={(next) => set(next)}
        />
        {isIndicator && <ObjectButton at={{ account, month, dimension, member }} indicator={indicator} />}
      </div>
      {one && (
        <p className="behind-figure numbers">
          {value ? (
            <b>
              {value} {unitSign[one.unit] ?? ""}
            </b>
          ) : (
            <b>{t("levels.not_available")}</b>
          )}
          {one.denominator && <span>{`${figureText(one.numerator)} / ${figureText(one.denominator)}`}</span>}
          {one.target && (
            <span>{t("levels.target_is", { target: `${one.lowerIsBetter ? "≤" : "≥"} ${one.target} ${unitSign[one.unit] ?? ""}` })}</span>
          )}
          {!one.score && <span className="not-available">{whyWithout(t, one)}</span>}
        </p>
      )}
      <div className="toolbar">
        <Segmented
          value={which}
          aria-label={t("levels.which_label")}
          onChange={(next) => set({ which: next })}
          options={shown.map((kind) => ({
            value: kind,
            label:
              indicator === "parcels"
                ? t("levels.accepted")
                : kind === "missed" && missed
                  ? `${t("levels.which.missed")} (${figureText(missed)})`
                  : kind === "in_doubt" && one
                    ? `${t("levels.which.in_doubt")} (${one.inDoubt})`
                    : kind === "open" && one
                      ? `${t("levels.which.open")} (${one.open})`
                      : kind === "counted" && one
                        ? `${t("levels.which.counted")} (${figureText(one.denominator)})`
                        : kind === "excluded" && one
                          ? `${t("levels.which.excluded")} (${one.excluded})`
                          : t(`levels.which.${kind}`),
          }))}
        />
      </div>
      <p className="quiet-text">{t(indicator === "parcels" ? "levels.accepted_means" : `levels.which_means.${which}`)}</p>
      {said && (
        <Alert type="success" showIcon role="status" title={said} closable={{ onClose: () => setSaid("") }} style={{ marginBottom: 12 }} />
      )}
      {list.problem && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={list.problem}
          style={{ marginBottom: 12 }}
          action={
            <Button size="small" onClick={list.again} loading={list.busy}>
              {t("app.again")}
            </Button>
          }
        />
      )}
      {!(list.problem && !list.rows) && (
        <Table<Behind>
          className="stack"
          rowKey={(row) => `${row.kind}|${row.subject}|${row.day}|${row.indicator}`}
          size="small"
          loading={list.busy}
          dataSource={list.rows ?? []}
          pagination={false}
          scroll={scroll}
          locale={{ emptyText: <p className="nothing">{list.rows ? t(`levels.none_behind.${which}`) : "…"}</p> }}
          columns={[
            {
              title: t("levels.subject"),
              render: (_, row) => (
                <span className="two-lines">
                  <Subject row={row} />
                  <small className="numbers">
                    {several && <b>{shortName(t, row.indicator)} · </b>}
                    {t("levels.counts_on", { day: row.day })}
                    {row.denominator > 1n &&
                      ` · ${t("levels.adds", { numerator: String(row.numerator), denominator: String(row.denominator) })}`}
                  </small>
                </span>
              ),
            },
            {
              title: t("levels.due"),
              onCell: labelled(t("levels.due")),
              render: (_, row) => <span className="numbers">{minute(row.dueUs, spoken)}</span>,
            },
            { title: t("levels.decided"), onCell: labelled(t("levels.decided")), render: (_, row) => <Decided row={row} /> },
            {
              title: t("levels.where"),
              onCell: labelled(t("levels.where")),
              render: (_, row) => (
                <span className="two-lines">
                  <span>{slice("lane", row.lane)}</span>
                  <span>
                    {slice("depot", row.depot)}
                    {row.courier && " · "}
                    {row.courier && slice("courier", row.courier)}
                  </span>
                </span>
              ),
            },
            { title: t("levels.facts"), onCell: labelled(t("levels.facts")), render: (_, row) => <Facts row={row} onRaw={setRaw} /> },
            ...(which === "excluded" || mayExclude || list.rows?.some((row) => row.proposed)
              ? [
                  {
                    title: t("levels.exclusion"),
                    onCell: labelled(t("levels.exclusion")),
                    render: (_: unknown, row: Behind) => (
                      <span className="exclusion">
                        {which === "excluded" && row.reason && <Tag>{coded(t, "exclude_reason", row.reason)}</Tag>}
                        {row.proposed && (
                          <span className="two-lines" data-proposed={row.proposed.reason}>
                            <Tag color="gold">
                              {t("levels.proposed_because", { reason: coded(t, "exclude_reason", row.proposed.reason) })}
                            </Tag>
                            <small className="numbers">
                              <Person id={row.proposed.by} /> · {minute(row.proposed.atUs, spoken)}
                            </small>
                          </span>
                        )}
                        {mayExclude && row.kind === "parcel" && which !== "excluded" && (
                          <Button size="small" onClick={() => setExcluding(row)} data-act="exclude">
                            {t(row.proposed && row.proposed.by !== currentCaller()?.id ? "levels.exclude_confirm" : "levels.exclude")}
                          </Button>
                        )}
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {list.rows && list.rows.length > 0 && <Listed rows={list.rows} more={list.more} />}
      {list.more && (
        <Button style={{ marginTop: 12 }} loading={list.busy} onClick={list.next} data-act="more">
          {t("parcels.more")}
        </Button>
      )}
      {raw && <RawEventDrawer eventId={raw} onClose={() => setRaw("")} />}
      {excluding && (
        <ExcludeDialog
          parcel={excluding.subject}
          proposed={excluding.proposed}
          onDone={(state) => {
            setSaid(t(`levels.exclude_said.${state}`, { parcel: excluding.subject, defaultValue: state }));
            setExcluding(undefined);
            list.again();
            card.again();
          }}
          onClose={() => setExcluding(undefined)}
        />
      )}
    </>
  );
}

// How many stand above, and what they add together where that is more than one each.
function Listed({ rows, more }: { rows: Behind[]; more: boolean }) {
  const { t } = useTranslation();
  const sum = (of: (row: Behind) => bigint) => rows.reduce((all, row) => all + of(row), 0n);
  const [numerator, denominator] = [sum((row) => row.numerator), sum((row) => row.denominator)];
  const n = grouped(rows.length, language());
  return (
    <p className="quiet-text numbers" data-listed={rows.length} data-numerator={String(numerator)} data-denominator={String(denominator)}>
      {more ? t("levels.listed_so_far", { n }) : counted(t, "levels.listed", rows.length)}
      {denominator > BigInt(rows.length) &&
        ` · ${t("levels.together", { numerator: grouped(numerator, language()), denominator: grouped(denominator, language()) })}`}
    </p>
  );
}

const shortName = (t: TFunction, figure: string) => (/^[TQCSO][1-9]/.test(figure) ? figure : coded(t, "component", figure));

function Subject({ row }: { row: Behind }) {
  const { t } = useTranslation();
  if (row.kind === "parcel" && may(Permission.PARCEL_READ)) {
    return (
      <Link to={`/parcels/${encodeURIComponent(row.subject)}`} className="mono" data-subject={row.subject}>
        {row.subject}
      </Link>
    );
  }
  const [contract, version] = row.contract.split(" v");
  const to =
    row.kind === "complaint" && may(Permission.CASE_READ)
      ? `/cases/${encodeURIComponent(row.subject)}`
      : row.kind === "obligation" && contract && version && may(Permission.CONTRACT_READ)
        ? `/contracts/${encodeURIComponent(contract)}/${encodeURIComponent(version)}`
        : "";
  return (
    <span className="two-lines" data-subject={row.subject}>
      <span>
        {row.kind === "parcel" ? "" : `${coded(t, "subject_kind", row.kind)} `}
        {to ? (
          <Link to={to} className="mono">
            {row.subject}
          </Link>
        ) : (
          <span className="mono">{row.subject}</span>
        )}
      </span>
      {row.title && <small>{row.title}</small>}
      {row.parcel &&
        (may(Permission.PARCEL_READ) ? (
          <small>
            <Link to={`/parcels/${encodeURIComponent(row.parcel)}`} className="mono">
              {row.parcel}
            </Link>
          </small>
        ) : (
          <small className="mono">{row.parcel}</small>
        ))}
    </span>
  );
}

// When it was, and how late; where the clocks leave it open, between which times it lies.
function Decided({ row }: { row: Behind }) {
  const { t } = useTranslation();
  const spoken = language();
  const arose = row.chargedTo && <small>{t("levels.arose_at", { place: coded(t, "gate", row.chargedTo) })}</small>;
  if (row.bestUs === 0n) {
    return (
      <span className="two-lines">
        <span className="quiet">{row.dueUs ? t("levels.not_happened") : "–"}</span>
        {arose}
      </span>
    );
  }
  const late = row.dueUs !== 0n && row.bestUs > row.dueUs;
  return (
    <span className="two-lines numbers">
      <span>{minute(row.bestUs, spoken)}</span>
      {row.inDoubt ? (
        <small>
          <Tag color="gold">{t("levels.which.in_doubt")}</Tag>
          {t("levels.between", { from: moment(row.earliestUs, row.bestUs), to: moment(row.latestUs, row.bestUs) })}
        </small>
      ) : (
        late && <small className="bad-text">{t("levels.late_by", { time: span(row.dueUs, row.bestUs, language()) })}</small>
      )}
      {arose}
    </span>
  );
}

// An interval to the second; with its days where it spans more than the deciding one.
function moment(us: bigint, beside: bigint) {
  return dayText(us) === dayText(beside) ? instant(us, language()).slice(-8) : minute(us, language());
}

function Facts({ row, onRaw }: { row: Behind; onRaw: (id: string) => void }) {
  const { t } = useTranslation();
  if (row.events.length === 0) return <span className="quiet">–</span>;
  return (
    <span className="states">
      {row.events.map((id) =>
        may(Permission.EVENT_RAW_READ) ? (
          <button
            key={id}
            type="button"
            className="text-button mono"
            title={id}
            aria-label={`${t("raw.title")} ${id}`}
            data-raw={id}
            onClick={() => onRaw(id)}
          >
            …{id.slice(-6)}
          </button>
        ) : (
          <span key={id} className="mono quiet" title={id}>
            …{id.slice(-6)}
          </span>
        ),
      )}
    </span>
  );
}
