import { Alert, Checkbox, Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { PersonSelect } from "../../app/Person";
import type { Refused } from "../../app/refusals";
import { currentCaller } from "../../app/session";
import { language } from "../../app/texts";
import { milligramsOf, minorOf, typed } from "../../format/entry";
import { kilograms, money } from "../../format/figures";
import type { CaseView } from "../../gen/kal/cases/v1/cases_pb";
import { cases, settled } from "./client";
import { Assess, MakePromise, needsWords, PromiseDone, Say } from "./MoreActs";
import { amountText, chargeText } from "./words";

export type CaseAct =
  | { kind: "answer"; accept: boolean }
  | { kind: "decide" | "note" | "owner" | "reopen" | "promise" | "assess" }
  | { kind: "say"; answer: string }
  | { kind: "promise_done"; clock: string }
  | { kind: "step"; step: string }
  | { kind: "pause"; clock: string; reasons: string[] }
  | { kind: "resume"; clock: string };

interface Props {
  act: CaseAct;
  data: CaseView;
  onDone: () => void;
  onClose: () => void;
}

const needed = [{ required: true }];

export function CaseDialog({ act, data, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const caseId = data.summary?.caseId ?? "";
  const rest = { onDone, onClose };
  switch (act.kind) {
    case "answer":
      return (
        <FormDialog<{ reason: string; note: string }>
          title={t(act.accept ? "case.accept_title" : "case.dispute_title")}
          ok={t(act.accept ? "case.accept" : "case.dispute")}
          danger={!act.accept}
          run={async ({ reason, note }, commandId) =>
            settled(
              await cases.answer({ caseId, answer: act.accept ? "accept" : "dispute", reason: reason ?? "", note: note ?? "", commandId }),
            )
          }
          {...rest}
        >
          <p>{t(act.accept ? "case.accept_hint" : "case.dispute_hint", { amount: amountText(t, data.summary?.onHold) })}</p>
          {!act.accept && <Reason codes={data.disputeReasons} />}
          <Note />
        </FormDialog>
      );
    case "decide":
      return <Decide data={data} {...rest} />;
    case "promise":
      return <MakePromise data={data} {...rest} />;
    case "promise_done":
      return <PromiseDone clock={act.clock} data={data} {...rest} />;
    case "assess":
      return <Assess data={data} {...rest} />;
    case "say":
      return <Say answer={act.answer} data={data} {...rest} />;
    case "note":
    case "step": {
      const step = act.kind === "step" ? act.step : "";
      const word = step ? t(`case_step.${step}`, { defaultValue: step }) : "";
      return (
        <FormDialog<{ reason: string; note: string; shareNote: boolean }>
          title={word || t("case.add_note")}
          ok={word || t("common.save")}
          // The first answer is said to the client, or it is none.
          initial={{ shareNote: step === "acknowledge" }}
          run={async ({ reason, note, shareNote }, commandId) =>
            settled(await cases.act({ caseId, step, reason: reason ?? "", note: note ?? "", shareNote: shareNote ?? false, commandId }))
          }
          {...rest}
        >
          {step && <p className="quiet-text">{t(`case_step_means.${step}`, { defaultValue: "" })}</p>}
          {step === "root_cause" && <Reason codes={data.causes} />}
          <Note required={!step || needsWords(step)} share />
        </FormDialog>
      );
    }
    case "owner":
      return (
        <FormDialog<{ owner: string; note: string }>
          title={t("case.take")}
          ok={t("common.save")}
          initial={{ owner: currentCaller()?.id ?? "" }}
          run={async ({ owner, note }, commandId) => settled(await cases.act({ caseId, owner, note: note ?? "", commandId }))}
          {...rest}
        >
          <Form.Item name="owner" label={t("case.owner")} rules={needed}>
            <PersonSelect />
          </Form.Item>
          <Note />
        </FormDialog>
      );
    case "pause":
      return (
        <FormDialog<{ reason: string; note: string }>
          title={t("case.pause")}
          ok={t("case.pause")}
          run={async ({ reason, note }, commandId) =>
            settled(await cases.act({ caseId, step: "pause", clock: act.clock, reason, note: note ?? "", commandId }))
          }
          {...rest}
        >
          <p className="quiet-text">{t("case.pause_hint")}</p>
          <Reason codes={act.reasons} />
          <Note share />
        </FormDialog>
      );
    case "resume":
      return (
        <FormDialog<{ note: string }>
          title={t("case.resume")}
          ok={t("case.resume")}
          run={async ({ note }, commandId) =>
            settled(await cases.act({ caseId, step: "resume", clock: act.clock, note: note ?? "", commandId }))
          }
          {...rest}
        >
          <Note share />
        </FormDialog>
      );
    case "reopen":
      return (
        <FormDialog<{ reason: string; note: string }>
          title={t("case.reopen")}
          ok={t("case.reopen")}
          danger
          run={async ({ reason, note }, commandId) => settled(await cases.reopen({ caseId, reason, note: note ?? "", commandId }))}
          {...rest}
        >
          <Reason codes={data.reopenReasons} />
          <Note />
        </FormDialog>
      );
  }
}

function Reason({ codes }: { codes: string[] }) {
  const { t } = useTranslation();
  return (
    <Form.Item name="reason" label={t("account.reason")} rules={needed}>
      <Select
        autoFocus
        options={codes.map((value) => ({ value, label: t(`case_reason.${value}`, { defaultValue: value.replaceAll("_", " ") }) }))}
      />
    </Form.Item>
  );
}

function Note({ required = false, share = false }: { required?: boolean; share?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="note" label={t("case.note")} rules={required ? needed : []}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
      {share && (
        <Form.Item name="shareNote" valuePropName="checked">
          <Checkbox>{t("case.share_note")}</Checkbox>
        </Form.Item>
      )}
    </>
  );
}

// The outcomes for which an amount is stated: what is paid back, or what it costs.
const stated = ["credit", "refund_freight", "compensation", "reship", "service_upgrade", "pay_other"];
const costsOnly = ["reship", "service_upgrade"];

interface DecideValues {
  outcome: string;
  amount: string;
  kg: string;
  reason: string;
  note: string;
}

// The carrier's decision: what each outcome means in money, and how far one's own authority reaches. Over it, it is a proposal.
function Decide({ data, onDone, onClose }: Omit<Props, "act">) {
  const { t } = useTranslation();
  const caseId = data.summary?.caseId ?? "";
  const weights = data.weights;
  const hold = data.summary?.onHold;
  const currency = hold?.currency || data.claim?.currency || weights?.newCharge?.currency || "CNY";
  const run = async (values: DecideValues, commandId: Uint8Array): Promise<Refused | undefined> => {
    const amount = stated.includes(values.outcome) ? minorOf(values.amount ?? "") : 0n;
    const kg = values.outcome === "re_rate" ? milligramsOf(values.kg ?? "") : 0n;
    if (amount === undefined) return { code: "not_an_amount", message: "", field: "amount" };
    if (kg === undefined) return { code: "not_a_weight", message: "", field: "kg" };
    const refused = settled(
      await cases.decide({
        caseId,
        outcome: values.outcome,
        amountMinor: amount,
        currency: stated.includes(values.outcome) ? currency : "",
        billsMg: kg,
        reason: values.reason,
        note: values.note ?? "",
        commandId,
      }),
    );
    return refused && { ...refused, field: { amount_minor: "amount", bills_mg: "kg" }[refused.field] ?? refused.field };
  };
  const costs: Record<string, string> = {
    // A lighter parcel costs less by the new weight: staying with the first one gives nothing away.
    keep_first:
      hold?.known && hold.minor <= 0n
        ? t("case.costs_keep_first_lighter", { charge: chargeText(t, weights?.firstCharge) })
        : t("case.costs_keep_first", { charge: chargeText(t, weights?.firstCharge), given: amountText(t, hold) }),
    take_new: t("case.costs_take_new", { charge: chargeText(t, weights?.newCharge) }),
    credit: t("case.costs_credit"),
    re_rate: t("case.costs_re_rate"),
    made_good: t("outcome_means.made_good"),
    borne: t("case.gives", { amount: amountText(t, hold) }),
    pay: t("case.pays", { amount: amountText(t, hold) }),
  };
  return (
    <FormDialog<DecideValues>
      title={t(data.proposal ? "case.decide_confirm" : "case.decide")}
      ok={t("case.decide")}
      width={640}
      initial={{
        outcome: data.proposal?.outcome,
        amount: data.proposal?.gives?.known && stated.includes(data.proposal.outcome) ? typed(data.proposal.gives.minor, 2) : "",
        kg: data.proposal?.billsMg ? kilograms(data.proposal.billsMg) : weights ? kilograms(weights.newBillsMg) : "",
      }}
      run={run}
      onDone={onDone}
      onClose={onClose}
    >
      {data.limit && (
        <Alert
          type={data.limit.unknown === "none" ? "warning" : "info"}
          showIcon
          style={{ marginBottom: 12 }}
          title={
            data.limit.known
              ? t("case.limit", { limit: money(data.limit.minor, data.limit.currency, language()) })
              : t(data.limit.unknown === "unlimited" ? "case.limit_unlimited" : "case.limit_none")
          }
        />
      )}
      <Form.Item name="outcome" rules={needed}>
        <Radio.Group className="column outcomes">
          {data.outcomes.map((outcome) => (
            <Radio key={outcome} value={outcome}>
              <b>{t(`outcome.${outcome}`, { defaultValue: outcome })}</b>
              <div className="quiet-text">{costs[outcome] ?? t(`outcome_means.${outcome}`, { defaultValue: "" })}</div>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(before: DecideValues, after: DecideValues) => before.outcome !== after.outcome}>
        {({ getFieldValue }) =>
          stated.includes(getFieldValue("outcome")) ? (
            <Form.Item
              name="amount"
              label={t(costsOnly.includes(getFieldValue("outcome")) ? "case.amount_cost" : "case.amount", { currency })}
              rules={needed}
            >
              <Input inputMode="decimal" autoFocus />
            </Form.Item>
          ) : getFieldValue("outcome") === "re_rate" ? (
            <Form.Item name="kg" label={t("case.bills_kg")} rules={needed}>
              <Input inputMode="decimal" autoFocus />
            </Form.Item>
          ) : null
        }
      </Form.Item>
      <Reason codes={data.decideReasons} />
      <Note />
    </FormDialog>
  );
}
