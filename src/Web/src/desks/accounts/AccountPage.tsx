import { Button, Card, Descriptions, Tag, Timeline } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";
import { useLoad } from "../../app/load";
import "./accounts.css";
import { Person } from "../../app/Person";
import { Answered, Figure } from "../../app/Pieces";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { day, daysUntil, grouped, minute, money } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { AccountView } from "../../gen/kal/contracts/v1/accounts_pb";
import { contracts } from "../contracts/client";
import { StateTag } from "../contracts/StateTag";
import { AccountDialog, type Act } from "./AccountDialogs";
import { Contacts } from "./Contacts";
import { accounts } from "./client";
import { Sites } from "./Sites";
import { accountName, gradeColour, paperColour, papersOf } from "./words";

// One key account whole: what is known of it, who answers for it, and what still stands between it and a contract in force.
export default function AccountPage() {
  const { account = "" } = useParams();
  const { t } = useTranslation();
  const view = useLoad(account, () => accounts.read({ account, historySize: 100 }), t("account.unknown", { account }));
  const [act, setAct] = useState<Act>();
  const summary = view.data?.summary;
  useTitle(summary ? accountName(summary, language()) : account);
  const edit = may(Permission.ACCOUNT_EDIT) ? setAct : undefined;
  return (
    <Answered of={view} back={<Link to="/accounts">{t("account.back")}</Link>}>
      {(data) => (
        <>
          <Head data={data} onAct={edit} />
          <div className="account-grid">
            <div>
              <Sites sites={data.sites} onAct={edit} />
              <Contacts account={account} contacts={data.contacts} onAct={edit} onChanged={view.again} />
              <Record data={data} onAct={edit} />
            </div>
            <div>
              <Papers data={data} onAct={edit} />
              {may(Permission.CONTRACT_READ) && <OwnContracts account={account} />}
              <Answering data={data} onAct={edit} />
              <ScopeCard data={data} onAct={edit} onDecide={setAct} />
              <History data={data} />
            </div>
          </div>
          {act && (
            <AccountDialog
              act={act}
              data={data}
              onDone={() => {
                setAct(undefined);
                view.again();
              }}
              onClose={() => setAct(undefined)}
            />
          )}
        </>
      )}
    </Answered>
  );
}

export type OnAct = ((act: Act) => void) | undefined;

export function ActButton({ onAct, act, children }: { onAct: OnAct; act: Act; children: ReactNode }) {
  if (!onAct) return null;
  return (
    <Button size="small" onClick={() => onAct(act)} data-act={act.kind}>
      {children}
    </Button>
  );
}

function Head({ data, onAct }: { data: AccountView; onAct: OnAct }) {
  const { t } = useTranslation();
  const one = data.summary;
  if (!one) return null;
  const limit = data.creditLimitMinor < 0n ? t("account.no_limit") : money(data.creditLimitMinor, data.creditCurrency || "CNY", language());
  return (
    <>
      <p className="crumbs">
        <Link to="/accounts">{t("nav.accounts")}</Link> / <span className="mono">{one.account}</span>
      </p>
      <div className="title-row">
        <h1 className="desk-title">
          {accountName(one, language())} <Tag color={gradeColour[one.grade]}>{t("account.grade_is", { grade: one.grade })}</Tag>
        </h1>
        <span className="states">
          {may(Permission.SCORE_READ) && <Link to={`/levels/${encodeURIComponent(one.account)}`}>{t("nav.levels")}</Link>}
          <ActButton onAct={onAct} act={{ kind: "edit" }}>
            {t("account.edit")}
          </ActButton>
        </span>
      </div>
      <div className="figures">
        <Figure label={t("account.owner")}>
          <Person id={one.owner} />
        </Figure>
        <Figure label={t("account.scope")}>{t(`scope.${one.scope}`, { defaultValue: one.scope })}</Figure>
        <Figure label={t("account.ownership")}>{t(`ownership.${one.ownership}`, { defaultValue: one.ownership })}</Figure>
        <Figure label={t("account.relationship")}>
          {data.record?.trading?.relationship ? t(`relationship.${data.record.trading.relationship}`) : "–"}
        </Figure>
        <Figure label={t("account.expected")}>
          {data.record?.business?.parcelsAMonth ? grouped(data.record.business.parcelsAMonth, language()) : "–"}
        </Figure>
        <Figure label={t("account.credit_limit")}>{limit}</Figure>
      </div>
    </>
  );
}

// The papers without which no contract is active (domain.md 4.2), and what each of them blocks.
function Papers({ data, onAct }: { data: AccountView; onAct: OnAct }) {
  const { t } = useTranslation();
  const now = Date.now();
  const agreement = data.agreements[0];
  const missing = data.summary ? papersOf(data.summary, now) : [];
  const ofAgreement = missing.find((paper) => paper !== "no_identity");
  return (
    <Card
      size="small"
      title={t("account.papers")}
      className={missing.some((paper) => paperColour[paper] === "red") ? "card-bad" : ""}
      data-card="papers"
    >
      <div className="paper">
        <div className="paper-what">
          <b>{t("account.agreement")}</b>
          <ActButton onAct={onAct} act={{ kind: "agreement" }}>
            {t(agreement ? "account.agreement_new" : "account.record")}
          </ActButton>
        </div>
        {agreement ? (
          <>
            <span className="mono">{agreement.number}</span> ·{" "}
            {t("account.agreement_dates", { from: agreement.signed, until: agreement.until })}
          </>
        ) : null}
        <div>
          {ofAgreement ? (
            <Tag color={paperColour[ofAgreement]}>{t(`paper.${ofAgreement}`, { until: agreement?.until ?? "" })}</Tag>
          ) : (
            <Tag color="green">{t("account.days_left", { days: daysUntil(agreement?.until ?? "", now) })}</Tag>
          )}
        </div>
        {ofAgreement && ofAgreement !== "agreement_ends" && <p className="blocks">{t("account.agreement_blocks")}</p>}
      </div>
      <div className="paper">
        <div className="paper-what">
          <b>{t("account.identity")}</b>
          <ActButton onAct={onAct} act={{ kind: "identity" }}>
            {t(data.identity ? "account.change" : "account.record")}
          </ActButton>
        </div>
        {data.identity ? (
          <>
            <span className="mono">{data.identity.creditCode}</span>
            <div className="quiet-text">
              {t("account.identity_seen", {
                document: t(`document.${data.identity.document}`, { defaultValue: data.identity.document }),
                at: day(data.identity.seenAtUs),
              })}{" "}
              <Person id={data.identity.seenBy} />
            </div>
          </>
        ) : (
          <>
            <Tag color="red">{t("paper.no_identity")}</Tag>
            <p className="blocks">{t("account.identity_blocks")}</p>
          </>
        )}
      </div>
    </Card>
  );
}

function OwnContracts({ account }: { account: string }) {
  const { t } = useTranslation();
  const list = useLoad(account, async () => (await contracts.list({ account, pageSize: 50 })).versions);
  return (
    <Card
      size="small"
      title={t("nav.contracts")}
      extra={
        <span className="states">
          <Link to={`/contracts/obligations?account=${encodeURIComponent(account)}`}>{t("obligation.title")}</Link>
          <Link to={`/contracts?account=${encodeURIComponent(account)}`}>{t("common.all")}</Link>
        </span>
      }
    >
      <Answered of={list}>
        {(versions) =>
          versions.length === 0 ? (
            <p className="nothing">{t("contract.none_of_account")}</p>
          ) : (
            <ul className="plain-list">
              {versions.map((one) => (
                <li key={`${one.contract}/${one.version}`}>
                  <Link to={`/contracts/${encodeURIComponent(one.contract)}/${one.version}`} className="numbers">
                    {one.contract} v{one.version}
                  </Link>
                  <StateTag state={one.state} />
                  <span className="quiet-text numbers">
                    {one.effectiveFromUs ? day(one.effectiveFromUs) : t("contract.open_start")} –{" "}
                    {one.effectiveUntilUs ? day(one.effectiveUntilUs) : t("contract.open_end")}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  );
}

function Answering({ data, onAct }: { data: AccountView; onAct: OnAct }) {
  const { t } = useTranslation();
  const owner = data.owners[0];
  return (
    <Card
      size="small"
      title={t("account.answering")}
      extra={
        <ActButton onAct={onAct} act={{ kind: "owner" }}>
          {t("account.hand_over")}
        </ActButton>
      }
    >
      <p>
        {t("account.owner")}: <Person id={data.summary?.owner ?? ""} />{" "}
        {owner && <span className="quiet-text">{t("account.owner_since", { since: day(owner.sinceUs) })}</span>}
      </p>
      {data.owners.length > 1 && (
        <ul className="plain-list quiet-text">
          {data.owners.slice(0, 4).map((one) => (
            <li key={String(one.sinceUs)}>
              {day(one.sinceUs)} <Person id={one.person} /> {one.reason && `· ${one.reason}`}
            </li>
          ))}
        </ul>
      )}
      <div className="paper-what">
        <b>{t("account.group")}</b>
        <ActButton onAct={onAct} act={{ kind: "group" }}>
          {t("account.change")}
        </ActButton>
      </div>
      {[1, 2].map((level) => {
        const members = data.group.filter((one) => one.level === level).sort((a, b) => a.escalation - b.escalation);
        return (
          <div key={level} className="group-level">
            <span className="quiet-text">{t(`account.level_${level}`)}</span>
            {members.length === 0 ? (
              <Tag color="orange">{t("account.nobody")}</Tag>
            ) : (
              members.map((one) => (
                <Tag key={one.person + one.duty}>
                  {one.escalation}. <Person id={one.person} /> {one.duty && `· ${one.duty}`}
                </Tag>
              ))
            )}
          </div>
        );
      })}
    </Card>
  );
}

function ScopeCard({ data, onAct, onDecide }: { data: AccountView; onAct: OnAct; onDecide: (act: Act) => void }) {
  const { t } = useTranslation();
  const one = data.summary;
  return (
    <Card
      size="small"
      title={t("account.scope")}
      extra={
        !data.scopeAsked && (
          <ActButton onAct={onAct} act={{ kind: "scope" }}>
            {t("account.ask_scope")}
          </ActButton>
        )
      }
    >
      <p>
        <b>{t(`scope.${one?.scope}`, { defaultValue: one?.scope ?? "" })}</b>{" "}
        <span className="quiet-text">{t(`account.scope_means_${one?.scope}`, { defaultValue: "" })}</span>
      </p>
      {data.scopeAsked && (
        <div className="asked">
          {t("account.scope_asked", { scope: t(`scope.${data.scopeAsked}`, { defaultValue: data.scopeAsked }) })}{" "}
          <Person id={data.scopeAskedBy} />
          {may(Permission.CONTRACT_APPROVE) && (
            <span className="states">
              <Button size="small" type="primary" onClick={() => onDecide({ kind: "decide_scope", approved: true })}>
                {t("account.approve")}
              </Button>
              <Button size="small" danger onClick={() => onDecide({ kind: "decide_scope", approved: false })}>
                {t("account.refuse")}
              </Button>
            </span>
          )}
        </div>
      )}
    </Card>
  );
}

// The five parts of the record (SEED-04-REC5); the personal one are the contacts.
function Record({ data, onAct }: { data: AccountView; onAct: OnAct }) {
  const { t } = useTranslation();
  const record = data.record;
  const parts: [string, [string, ReactNode][]][] = [
    ["basic", Object.entries(record?.basic ?? {})],
    ["business", Object.entries(record?.business ?? {})],
    ["logistic", Object.entries(record?.logistic ?? {})],
    ["trading", Object.entries(record?.trading ?? {})],
  ].map(([part, fields]) => [
    part as string,
    (fields as [string, unknown][])
      .filter(([name]) => !name.startsWith("$"))
      .map(([name, value]): [string, ReactNode] => [name, shown(t, name, value)]),
  ]);
  return (
    <Card
      size="small"
      title={t("account.the_record")}
      extra={
        <ActButton onAct={onAct} act={{ kind: "record" }}>
          {t("account.edit")}
        </ActButton>
      }
    >
      <div className="record-parts">
        {parts.map(([part, fields]) => {
          const filled = fields.filter(([, value]) => value !== "");
          return (
            <div key={part}>
              <h3>{t(`record.${part}.title`)}</h3>
              {filled.length === 0 ? (
                <p className="quiet-text">{t("record.empty")}</p>
              ) : (
                <Descriptions
                  size="small"
                  column={1}
                  items={filled.map(([name, value]) => ({ key: name, label: t(`record.${part}.${name}`), children: value }))}
                />
              )}
            </div>
          );
        })}
      </div>
    </Card>
  );
}

function shown(t: (key: string) => string, name: string, value: unknown): ReactNode {
  if (typeof value === "boolean") return value ? t("common.yes") : "";
  if (typeof value === "bigint") return value === 0n ? "" : grouped(value, language());
  if (name === "relationship" && value) return t(`relationship.${String(value)}`);
  return String(value ?? "");
}

function History({ data }: { data: AccountView }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shownLines = all ? data.history : data.history.slice(0, 8);
  return (
    <Card size="small" title={t("account.history")}>
      <Timeline
        items={shownLines.map((one, index) => ({
          key: `${one.atUs}-${index}`,
          content: (
            <>
              <b>{t(`account_event.${one.kind.replaceAll(" ", "_")}`, { defaultValue: one.kind.replaceAll("_", " ") })}</b>{" "}
              <span className="quiet-text numbers">{minute(one.atUs, language())}</span> <Person id={one.who} />
              {one.note && <div className="quiet-text">{one.note}</div>}
            </>
          ),
        }))}
      />
      {data.history.length > shownLines.length && (
        <Button size="small" type="link" onClick={() => setAll(true)}>
          {t("common.older", { count: data.history.length - shownLines.length })}
        </Button>
      )}
    </Card>
  );
}
