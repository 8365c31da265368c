import { Alert, Button, Card, Tag, Timeline } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";
import { useLoad } from "../../app/load";
import "./cases.css";
import { Person } from "../../app/Person";
import { Answered, Figure } from "../../app/Pieces";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { useZone } from "../../app/zone";
import { grams, minute, money, signedGrams } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { CaseSummary, CaseView, HistoryLine } from "../../gen/kal/cases/v1/cases_pb";
import { type CashFigures, ClockState, EntryKind, Side } from "../../gen/kal/cases/v1/history_pb";
import { behindPath, coded } from "../levels/words";
import { type CaseAct, CaseDialog } from "./CaseActs";
import { ClaimCard } from "./ClaimCard";
import { ClockBar } from "./ClockBar";
import { ComplaintView } from "./ComplaintView";
import { cases } from "./client";
import { RegressView } from "./RegressView";
import { amountText, clockName, givesText, stateColour } from "./words";

const WeightFiguresView = lazy(() => import("./WeightFiguresView"));

// One case whole. Client and carrier read the same page with the same numbers; only the buttons differ.
export default function CasePage() {
  const { case: caseId = "" } = useParams();
  const { t } = useTranslation();
  const view = useLoad(caseId, () => cases.read({ caseId }), t("case.unknown", { case: caseId }));
  const [act, setAct] = useState<CaseAct>();
  useZone();
  useTitle(view.data?.summary ? `${t(`case_kind.${view.data.summary.kind}`)} ${view.data.summary.subject}` : caseId);
  return (
    <Answered of={view} back={<Link to="/cases">{t("nav.cases")}</Link>}>
      {(data) => (
        <>
          <Head data={data} />
          <Asked data={data} onAct={setAct} />
          <div className="case-grid">
            <div>
              {data.cash && <CashCard cash={data.cash} />}
              {data.summary?.kind === "complaint" && <ComplaintView data={data} onAct={setAct} />}
              {data.summary?.kind === "regress" && <RegressView data={data} onAct={setAct} />}
              {data.claim && (
                <ClaimCard claim={data.claim} onAssess={data.steps.includes("assess") ? () => setAct({ kind: "assess" }) : undefined} />
              )}
              {data.weights && (
                <Suspense fallback={<Card size="small" loading />}>
                  <WeightFiguresView caseId={caseId} weights={data.weights} evidence={data.evidence} doubts={data.doubts} />
                </Suspense>
              )}
            </div>
            <div>
              <Clocks data={data} onAct={setAct} />
              <Card size="small" title={t("case.history")}>
                <History lines={data.history} />
              </Card>
            </div>
          </div>
          {act && (
            <CaseDialog
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

// What was counted beside what the ledger said; the count itself is an event like any other.
function CashCard({ cash }: { cash: CashFigures }) {
  const { t } = useTranslation();
  return (
    <Card size="small" title={t("case.cash_title")} data-card="cash">
      <div className="figures">
        <Figure label={t("case.cash_expected")}>{money(cash.expectedMinor, cash.currency, language())}</Figure>
        <Figure label={t("case.cash_counted")}>{money(cash.countedMinor, cash.currency, language())}</Figure>
        <Figure label={t(cash.countedMinor < cash.expectedMinor ? "case.cash_short" : "case.cash_over")} tone="bad">
          {money(
            cash.countedMinor < cash.expectedMinor ? cash.expectedMinor - cash.countedMinor : cash.countedMinor - cash.expectedMinor,
            cash.currency,
            language(),
          )}
        </Figure>
      </div>
      <p className="quiet-text">
        {cash.slip ? t("case.cash_slip", { slip: cash.slip }) : t("case.cash_of_courier")} · <span className="mono">{cash.eventId}</span>
      </p>
    </Card>
  );
}

function Head({ data }: { data: CaseView }) {
  const { t } = useTranslation();
  const one = data.summary as CaseSummary;
  return (
    <>
      <p className="crumbs">
        <Link to="/cases">{t("nav.cases")}</Link> / <span className="mono">{one.caseId}</span>
      </p>
      <div className="title-row">
        <h1 className="desk-title">
          {t(`case_kind.${one.kind}`, { defaultValue: one.kind })}{" "}
          {data.cash ? (
            data.cash.courier ? (
              <Person id={data.cash.courier} />
            ) : (
              <span className="numbers">{one.subject}</span>
            )
          ) : !data.opened?.parcelId ? (
            <About of={one} />
          ) : (
            <Link className="numbers" to={`/parcels/${encodeURIComponent(one.subject)}`}>
              {one.subject}
            </Link>
          )}{" "}
          <Tag color={stateColour[one.state]} data-stage={one.stage}>
            {t(`case_stage.${one.stage}`, { defaultValue: one.stage })}
          </Tag>
          {data.opened?.about && one.serious && <Tag color="red">{t("case.serious")}</Tag>}
        </h1>
      </div>
      <div className="figures">
        {one.onHold && (
          <Figure
            label={t("case.on_hold")}
            tone={one.onHold.known && one.state !== "closed" ? "warn" : undefined}
            hint={t(data.cash ? "case.on_hold_cash" : data.claim ? "case.on_hold_claim" : "case.on_hold_hint")}
          >
            {amountText(t, one.onHold)}
          </Figure>
        )}
        {data.opened?.about && (
          <Figure label={t("case.about")} hint={t(`case_channel.${data.opened.channel}`, { defaultValue: data.opened.channel })}>
            {t(`case_reason.${data.opened.about}`, { defaultValue: data.opened.about })}
          </Figure>
        )}
        {data.opened?.about && (
          <Figure label={t("case.region")}>
            {t(`case_region.${data.opened.region || "unknown"}`, { defaultValue: data.opened.region })}
          </Figure>
        )}
        {one.depot && <Figure label={t("case.depot")}>{one.depot}</Figure>}
        {one.account && (
          <Figure label={t("account.account")}>
            {may(Permission.ACCOUNT_READ) ? <Link to={`/accounts/${encodeURIComponent(one.account)}`}>{one.account}</Link> : one.account}
          </Figure>
        )}
        <Figure label={t("case.owner")}>
          <Person id={one.owner} />
        </Figure>
        <Figure label={t("case.opened")}>{minute(one.openedAtUs, language())}</Figure>
        {data.weights && (
          <Figure label={t("case.shown")}>{data.shownAtUs ? minute(data.shownAtUs, language()) : t("case.not_shown")}</Figure>
        )}
        {data.opened?.contract && data.weights && (
          <Figure
            label={t("case.clause")}
            hint={data.opened.answeredBy ? t(`case.answered_by_${data.opened.answeredBy}`) : t("case.no_say")}
          >
            <Link to={`/contracts/${encodeURIComponent(data.opened.contract)}/${data.opened.contractVersion}#${data.opened.clause}`}>
              {data.opened.clause || data.opened.contract}
            </Link>
          </Figure>
        )}
      </div>
      {data.doubts.map((doubt) => (
        <Alert
          key={doubt.eventId}
          type="error"
          showIcon
          style={{ marginBottom: 12 }}
          title={t("case.doubt", { scale: `${doubt.depot} · ${doubt.device}`, since: minute(doubt.sinceUs, language()) })}
          description={
            doubt.estimate
              ? t("case.doubt_estimate", { error: signedGrams(doubt.estimate.errorMg), limit: grams(doubt.estimate.limitMg) })
              : undefined
          }
        />
      ))}
    </>
  );
}

// What a case without a parcel is about; an objection leads to the line of the scorecard.
function About({ of: one }: { of: CaseSummary }) {
  const [, indicator, month] = /^([TQCSO]\d{1,2}) (\d{4}-\d{2})$/.exec(one.subject) ?? [];
  if (one.about !== "scorecard" || !indicator || !month || !may(Permission.SCORE_READ))
    return <span className="numbers">{one.subject}</span>;
  return (
    <Link className="numbers" to={behindPath({ account: one.account, month, dimension: "", member: "" }, indicator, "missed")}>
      {one.subject}
    </Link>
  );
}

const leadsOn = ["shown", "acknowledge", "hear", "set_expectation", "confirm_needs", "offer_options", "verify", "examined", "explained"];

// What the reader is asked for now: the client's answer, the carrier's decision, the second person's confirmation; or what came of it.
function Asked({ data, onAct }: { data: CaseView; onAct: (act: CaseAct) => void }) {
  const { t } = useTranslation();
  const one = data.summary as CaseSummary;
  const steps = data.steps.filter((step) => !["pause", "resume", "accept", "dispute", "assess"].includes(step));
  const deciding = data.outcomes.length > 0;
  // What leads on stands out among what may be done at any time.
  const next = deciding ? undefined : steps.find((step) => leadsOn.includes(step));
  if (data.outcome && one.state === "closed") {
    return (
      <Card size="small" className="asked-card done">
        <b>{t("case.outcome_is", { outcome: t(`outcome.${data.outcome.outcome}`, { defaultValue: data.outcome.outcome }) })}</b>{" "}
        {data.outcome.credit?.known && t("case.credited", { amount: amountText(t, data.outcome.credit) })}
        <p className="quiet-text">{t(`outcome_means.${data.outcome.outcome}`, { defaultValue: "" })}</p>
        <Says data={data} onAct={onAct} />
        {may(Permission.CASE_ACT) && (data.reopenReasons.length > 0 || data.steps.includes("reopen")) && (
          <Button onClick={() => onAct({ kind: "reopen" })} data-act="reopen">
            {t("case.reopen")}
          </Button>
        )}
      </Card>
    );
  }
  return (
    <Card size="small" className="asked-card">
      {data.mayAnswer && (
        <div className="answer">
          <div>
            <b>{t("case.your_answer")}</b>
            <p className="quiet-text">{data.opened?.onSilence ? t(`case.silence_${data.opened.onSilence}`) : ""}</p>
          </div>
          <Button size="large" type="primary" onClick={() => onAct({ kind: "answer", accept: true })} data-act="accept">
            {t("case.accept")}
          </Button>
          <Button size="large" danger onClick={() => onAct({ kind: "answer", accept: false })} data-act="dispute">
            {t("case.dispute")}
          </Button>
        </div>
      )}
      {!data.mayAnswer && !deciding && !data.proposal && <p>{t(`case.waits_${one.stage}`, { defaultValue: "" })}</p>}
      <Says data={data} onAct={onAct} />
      {data.outcome && (
        <p>
          <b>{t("case.decided_is", { outcome: t(`outcome.${data.outcome.outcome}`, { defaultValue: data.outcome.outcome }) })}</b>{" "}
          {data.outcome.gives?.known && data.outcome.gives.minor > 0n && givesText(t, data.outcome.outcome, data.outcome.gives)}
        </p>
      )}
      {data.proposal && (
        <p>
          <Tag color="blue">{t("case.proposed")}</Tag>
          <Person id={data.proposal.proposedBy} />: <b>{t(`outcome.${data.proposal.outcome}`, { defaultValue: data.proposal.outcome })}</b>{" "}
          {data.proposal.gives?.known && givesText(t, data.proposal.outcome, data.proposal.gives)} · {t("case.second_person")}
        </p>
      )}
      <div className="states">
        {deciding && (
          <Button type="primary" onClick={() => onAct({ kind: "decide" })} data-act="decide">
            {t(data.proposal ? "case.decide_confirm" : "case.decide")}
          </Button>
        )}
        {steps.map((step) => (
          <Button key={step} {...(step === next && { type: "primary" })} onClick={() => onAct({ kind: "step", step })} data-act={step}>
            {t(`case_step.${step}`, { defaultValue: step })}
          </Button>
        ))}
        {may(Permission.CASE_ACT) && (
          <>
            <Button onClick={() => onAct({ kind: "note" })} data-act="note">
              {t("case.add_note")}
            </Button>
            <Button onClick={() => onAct({ kind: "owner" })} data-act="owner">
              {t("case.take")}
            </Button>
          </>
        )}
      </div>
    </Card>
  );
}

// What the client may say beside accepting and disputing.
function Says({ data, onAct }: { data: CaseView; onAct: (act: CaseAct) => void }) {
  const { t } = useTranslation();
  if (data.answers.length === 0) return null;
  return (
    <div className="states">
      {data.answers.map((answer) => (
        <Button key={answer} onClick={() => onAct({ kind: "say", answer })} data-act={`say-${answer}`}>
          {t(`case_say.${answer}`, { defaultValue: answer })}
        </Button>
      ))}
    </div>
  );
}

function Clocks({ data, onAct }: { data: CaseView; onAct: (act: CaseAct) => void }) {
  const { t } = useTranslation();
  const shown = data.clocks.filter((one) => one.clock && one.clock.state !== ClockState.STOPPED);
  return (
    <Card size="small" title={t("case.clocks")}>
      {shown.length === 0 && <p className="quiet-text">{t("case.no_clock")}</p>}
      {shown.map(({ clock, owner, pauseReasons }) => (
        <div key={clock?.clock} className="clock-row">
          <ClockBar
            name={clock?.clock ?? ""}
            startedUs={clock?.startedUs ?? 0n}
            dueUs={clock?.dueUs ?? 0n}
            still={clock?.state === ClockState.PAUSED ? "paused" : undefined}
            pausedUs={clock?.pausedUs ?? 0n}
            whose={owner}
            withDue
          />
          {clock?.state === ClockState.PAUSED && <Tag>{t(`case_reason.${clock.reason}`, { defaultValue: clock.reason })}</Tag>}
          {may(Permission.CASE_ACT) && pauseReasons.length > 0 && (
            <Button
              size="small"
              onClick={() =>
                onAct(
                  clock?.state === ClockState.PAUSED
                    ? { kind: "resume", clock: clock.clock }
                    : { kind: "pause", clock: clock?.clock ?? "", reasons: pauseReasons },
                )
              }
            >
              {t(clock?.state === ClockState.PAUSED ? "case.resume" : "case.pause")}
            </Button>
          )}
        </div>
      ))}
    </Card>
  );
}

const colours: Partial<Record<EntryKind, string>> = {
  [EntryKind.DECIDED]: "green",
  [EntryKind.DOUBTED]: "red",
  [EntryKind.REOPENED]: "red",
  [EntryKind.ESCALATED]: "orange",
  [EntryKind.LAPSED]: "orange",
  [EntryKind.PROPOSED]: "orange",
  [EntryKind.PROMISE_KEPT]: "green",
  [EntryKind.PROMISE_BROKEN]: "red",
};

function History({ lines }: { lines: HistoryLine[] }) {
  const { t } = useTranslation();
  return (
    <Timeline
      items={lines
        .filter((line) => line.entry)
        .map((line) => {
          const entry = line.entry as NonNullable<HistoryLine["entry"]>;
          return {
            key: entry.index,
            color: colours[entry.kind] ?? (entry.side === Side.CLIENT ? "blue" : "gray"),
            content: (
              <div data-entry={entry.kind}>
                <b>{entry.step ? t(`case_step.${entry.step}`, { defaultValue: entry.step }) : t(`case_entry.${entry.kind}`)}</b>{" "}
                <span className="quiet-text numbers">{minute(entry.atUs, language())}</span>
                <div className="quiet-text">
                  {entry.side === Side.CLIENT && `${t("case.client")} `}
                  <Person id={entry.actor} />
                  {entry.reason && ` · ${t(`case_reason.${entry.reason}`, { defaultValue: coded(t, "warning", entry.reason) })}`}
                  {entry.owner && (
                    <>
                      {" → "}
                      <Person id={entry.owner} />
                    </>
                  )}
                </div>
                {entry.escalation && (
                  <div className="quiet-text">
                    {t("case.escalated", {
                      clock: clockName(t, entry.escalation.clock),
                      percent: entry.escalation.percent,
                    })}
                  </div>
                )}
                {entry.outcome && entry.kind !== EntryKind.STEP && (
                  <div>
                    {t(`outcome.${entry.outcome.outcome}`, { defaultValue: entry.outcome.outcome })}
                    {entry.outcome.gives?.known &&
                      entry.outcome.gives.minor > 0n &&
                      ` · ${givesText(t, entry.outcome.outcome, entry.outcome.gives)}`}
                    {entry.outcome.limit && (entry.outcome.gives?.minor ?? 0n) > 0n && (
                      <span className="quiet-text"> {t("case.limit_was", { limit: amountText(t, entry.outcome.limit) })}</span>
                    )}
                  </div>
                )}
                {line.note && <div className="note">“{line.note}”</div>}
                {!line.note && line.noteAbsent && (
                  <div className="quiet-text">{t(`case.note_${line.noteAbsent}`, { defaultValue: "" })}</div>
                )}
              </div>
            ),
          };
        })}
    />
  );
}
