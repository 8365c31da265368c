import { Alert, Badge, Button, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router-dom";
import { faultText } from "../../app/faults";
import { useLoad } from "../../app/load";
import { Answered } from "../../app/Pieces";
import "./levels.css";
import { isClient } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { useZone } from "../../app/zone";
import type { RecomputeReply } from "../../gen/kal/levels/v1/scorecards_pb";
import { AtRiskList, askAtRisk } from "./AtRiskList";
import { BudgetStrip } from "./BudgetStrip";
import { listWarnings, scorecards } from "./client";
import { Dimensions } from "./Dimensions";
import { GateSteps } from "./GateSteps";
import { MonthChoice, monthIn } from "./Pieces";
import { monthDays } from "./period";
import { ReportButton } from "./ReportButton";
import { Restated } from "./Restated";
import { ScoreHead } from "./ScoreHead";
import { SliceChoice } from "./SliceChoice";
import { SqiView } from "./SqiView";
import { WarningList } from "./WarningList";
import { named } from "./words";

// One account's month: will the promise be kept, and what must be done today. Period and slice stand in the address.
export default function ScorePage() {
  const { account = "" } = useParams();
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const month = monthIn(query);
  const { from, to } = monthDays(month);
  const dimension = query.get("dimension") ?? "";
  const member = query.get("member") ?? "";
  const sliced = dimension !== "" && member !== "";
  const of = { account, from, to, dimension: sliced ? dimension : "", member: sliced ? member : "" };
  const card = useLoad(JSON.stringify(of), () => scorecards.get(of), t("levels.unknown", { account }));
  // Budgets and what is at risk are the account's as a whole: a slice has no promise of its own.
  const budgets = useLoad(`${account}|${month}|budgets`, () => scorecards.budgets({ account, from, to }));
  const risk = useLoad(`${account}|risk`, () => askAtRisk(account, ""));
  const standing = useLoad(`${account}|warnings`, () => listWarnings(account, false));
  useZone(card.data?.zone || undefined);
  const name = card.data ? named(card.data, language()) : "";
  useTitle(t("levels.title_of", { account: name || account }));
  const tab = query.get("tab") ?? "score";
  const set = (changes: Record<string, string>) =>
    setQuery(
      (now) => {
        const next = new URLSearchParams(now);
        for (const [key, value] of Object.entries(changes)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true },
    );
  const at = { account, month, dimension: of.dimension, member: of.member };
  return (
    <>
      <p className="crumbs">
        <Link to={`/levels?month=${month}`}>{t("nav.levels")}</Link> / <span className="mono">{account}</span>
      </p>
      <div className="title-row">
        <h1 className="desk-title">{name || account}</h1>
        <span className="states">
          {tab === "score" && (
            <SliceChoice
              key={account}
              account={account}
              month={month}
              contract={card.data?.contract ? `${card.data.contract} v${card.data.contractVersion}` : ""}
              dimension={dimension}
              member={member}
              onChoose={(next) => set(next)}
            />
          )}
          <MonthChoice month={month} onChoose={(next) => set({ month: next })} />
          {card.data && <ReportButton account={account} from={from} to={to} />}
        </span>
      </div>
      <Tabs
        activeKey={tab}
        onChange={(key) => set({ tab: key === "score" ? "" : key })}
        items={[
          {
            key: "score",
            label: t("levels.tab_score"),
            children: (
              <Answered of={card} back={<Link to={`/levels?month=${month}`}>{t("nav.levels")}</Link>}>
                {(data) => (
                  <div className="levels">
                    <ScoreHead
                      at={at}
                      card={data}
                      sliced={sliced}
                      budgets={budgets.data}
                      risk={risk.data}
                      warnings={standing.problem ? "unknown" : standing.data?.kept === false ? "not_kept" : standing.data?.rows}
                      onWarnings={() => set({ tab: "warnings" })}
                    />
                    {!sliced && <BudgetStrip at={at} of={budgets} card={data} />}
                    {!sliced && <AtRiskList account={account} month={month} of={risk} />}
                    <Dimensions at={at} card={data} />
                    <GateSteps at={at} card={data} />
                    <Restated card={data} at={at} />
                    <CountAgain of={of} />
                  </div>
                )}
              </Answered>
            ),
          },
          { key: "sqi", label: t("levels.tab_sqi"), children: <SqiView account={account} month={month} /> },
          ...(isClient()
            ? []
            : [
                {
                  key: "warnings",
                  label: (
                    <>
                      {t("levels.warnings")} <Badge count={standing.data?.rows.length ?? 0} size="small" />
                    </>
                  ),
                  children: <WarningList account={account} onChanged={standing.again} />,
                },
              ]),
        ]}
      />
    </>
  );
}

// Counters are kept as facts come; whoever doubts them has them counted again from the facts.
function CountAgain({ of }: { of: { account: string; from: string; to: string; dimension: string; member: string } }) {
  const { t } = useTranslation();
  const key = JSON.stringify(of);
  const [answer, setAnswer] = useState<{ key: string; reply?: RecomputeReply; problem?: string }>();
  const [busy, setBusy] = useState(false);
  const count = async () => {
    setBusy(true);
    try {
      setAnswer({ key, reply: await scorecards.recompute(of) });
    } catch (error) {
      setAnswer({ key, problem: faultText(t, error) });
    } finally {
      setBusy(false);
    }
  };
  const shown = answer?.key === key ? answer : undefined;
  return (
    <section className="count-again">
      <Button onClick={() => void count()} loading={busy} data-act="recompute">
        {t("levels.recompute")}
      </Button>
      <span className="quiet-text">{t("levels.recompute_hint")}</span>
      {shown?.problem && <Alert type="error" showIcon role="alert" title={shown.problem} />}
      {shown?.reply?.agrees && <Alert type="success" showIcon role="status" title={t("levels.agrees")} />}
      {shown?.reply && !shown.reply.agrees && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t("levels.differs")}
          description={
            <ul className="plain-list tight numbers">
              {shown.reply.differences.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          }
        />
      )}
    </section>
  );
}
