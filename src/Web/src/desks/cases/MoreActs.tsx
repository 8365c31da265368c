import { Checkbox, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { officeZone } from "../../app/zone";
import { instantOf, minorOf, typed } from "../../format/entry";
import type { CaseView } from "../../gen/kal/cases/v1/cases_pb";
import { cases, settled } from "./client";
import { ClaimFields } from "./OpenDialog";

// The acts of complaints and claims beside the plain steps.
interface Props {
  data: CaseView;
  onDone: () => void;
  onClose: () => void;
}

const needed = [{ required: true }];
const wordsNeeded = [
  "not_satisfied",
  "acknowledge",
  "corrective_action",
  "mark_serious",
  "appeal_answered",
  "unfounded",
  "state_facts",
  "client_notified",
  "measure",
  "plan_recovery",
  "lost",
];

export const needsWords = (step: string) => wordsNeeded.includes(step);

// What the client says: taken back, not satisfied, appealed, taken up again.
export function Say({ answer, data, ...rest }: Props & { answer: string }) {
  const { t } = useTranslation();
  const caseId = data.summary?.caseId ?? "";
  return (
    <FormDialog<{ reason?: string; note?: string }>
      title={t(`case_say.${answer}`, { defaultValue: answer })}
      ok={t(`case_say.${answer}`, { defaultValue: answer })}
      run={async ({ reason, note }, commandId) =>
        settled(await cases.answer({ caseId, answer, reason: reason ?? "", note: note ?? "", commandId }))
      }
      {...rest}
    >
      <p className="quiet-text">{t(`case_say_means.${answer}`, { defaultValue: "" })}</p>
      {answer === "reopen" && <Codes name="reason" codes={data.reopenReasons} label={t("account.reason")} />}
      <Words required={needsWords(answer)} />
    </FormDialog>
  );
}

export function MakePromise({ data, ...rest }: Props) {
  const { t } = useTranslation();
  const caseId = data.summary?.caseId ?? "";
  return (
    <FormDialog<{ what: string; due: string; note?: string; shareNote?: boolean }>
      title={t("case.promise")}
      ok={t("case.promise")}
      // A client never reads of its own regress.
      initial={{ shareNote: data.summary?.kind !== "regress" }}
      run={async ({ what, due, note, shareNote }, commandId) => {
        const dueAtUs = instantOf(due, officeZone);
        if (dueAtUs === undefined) return { code: "not_a_day", message: "", field: "due" };
        const refused = settled(
          await cases.act({ caseId, step: "promise", reason: what, dueAtUs, note: note ?? "", shareNote: shareNote ?? false, commandId }),
        );
        return refused && { ...refused, field: { due_at_us: "due", reason: "what" }[refused.field] ?? refused.field };
      }}
      {...rest}
    >
      <Codes name="what" codes={data.promiseKinds} label={t("case.promise_what")} />
      <Form.Item name="due" label={t("case.promise_due")} rules={needed}>
        <Input type="datetime-local" />
      </Form.Item>
      <Words share />
    </FormDialog>
  );
}

export function PromiseDone({ clock, data, ...rest }: Props & { clock: string }) {
  const { t } = useTranslation();
  const caseId = data.summary?.caseId ?? "";
  return (
    <FormDialog<{ note?: string; shareNote?: boolean }>
      title={t("case.promise_done")}
      ok={t("case.promise_done")}
      run={async ({ note, shareNote }, commandId) =>
        settled(await cases.act({ caseId, step: "promise_done", clock, note: note ?? "", shareNote: shareNote ?? false, commandId }))
      }
      {...rest}
    >
      <Words share />
    </FormDialog>
  );
}

export function Assess({ data, ...rest }: Props) {
  const { t } = useTranslation();
  const caseId = data.summary?.caseId ?? "";
  const claim = data.claim;
  return (
    <FormDialog<{ worth: string; loss?: string; proof: string; note?: string; shareNote?: boolean }>
      title={t("case_step.assess")}
      ok={t("case_step.assess")}
      initial={{ worth: claim ? typed(claim.worthMinor, 2) : "", loss: claim ? typed(claim.lossMinor, 2) : "", proof: claim?.proof ?? "" }}
      run={async ({ worth, loss, proof, note, shareNote }, commandId) => {
        const [worthMinor, lossMinor] = [minorOf(worth), minorOf(loss || "0")];
        if (worthMinor === undefined) return { code: "not_an_amount", message: "", field: "worth" };
        if (lossMinor === undefined) return { code: "not_an_amount", message: "", field: "loss" };
        const refused = settled(
          await cases.act({
            caseId,
            step: "assess",
            claim: { worthMinor, lossMinor, proof, currency: claim?.currency ?? "" },
            note: note ?? "",
            shareNote: shareNote ?? false,
            commandId,
          }),
        );
        const fields: Record<string, string> = { "claim.worth_minor": "worth", "claim.loss_minor": "loss", "claim.proof": "proof" };
        return refused && { ...refused, field: fields[refused.field] ?? refused.field };
      }}
      {...rest}
    >
      <ClaimFields />
      <Words share />
    </FormDialog>
  );
}

export function Codes({ name, codes, label }: { name: string; codes: string[]; label: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item name={name} label={label} rules={needed}>
      <Select options={codes.map((value) => ({ value, label: t(`case_reason.${value}`, { defaultValue: value.replaceAll("_", " ") }) }))} />
    </Form.Item>
  );
}

function Words({ required = false, share = false }: { required?: boolean; share?: boolean }) {
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
