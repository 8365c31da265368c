import { Checkbox, Form, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { isClient } from "../../app/rights";
import { minorOf } from "../../format/entry";
import { cases, settled } from "./client";

// The codes with which a person may open a case of a kind: there is no case yet to say them.
const openReasons: Record<string, string[]> = {
  complaint: [
    "delay",
    "loss",
    "damage",
    "shortage",
    "delivery",
    "false_sign_off",
    "unauthorised_drop",
    "staff",
    "billing",
    "scorecard",
    "other",
  ],
  claim: ["total", "partial", "shortage", "damage"],
  weight: ["weight_wrong", "charge_wrong", "scale_in_doubt", "other"],
  regress: ["service_falls", "volume_falls", "complaints", "arrears", "no_contact", "rival_offers", "client_said", "other"],
};
// What can only be said of a parcel.
const aboutAParcel = ["false_sign_off", "unauthorised_drop"];
const channels = ["phone", "mail", "meeting"];
// What is claimed is claimed in the currency of the shipment; the server says so when it is another.
const currency = "CNY";
const fields = {
  "claim.worth_minor": "worth",
  "claim.loss_minor": "loss",
  "claim.proof": "proof",
  "parcel.unknown": "subject",
  "claim.no_shipment": "subject",
  "account.unknown": "account",
};
const needed = [{ required: true }];

interface Values {
  reason: string;
  subject?: string;
  account?: string;
  reference?: string;
  channel?: string;
  region?: string;
  serious?: boolean;
  worth?: string;
  loss?: string;
  proof?: string;
  note?: string;
  shareNote?: boolean;
}

interface Props {
  // An objection opens with what it is about.
  initial?: { reason: string; account: string; reference: string };
  onDone: (caseId: string) => void;
  onClose: () => void;
}

export function OpenDialog({ initial, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState("complaint");
  let made = "";
  const run = async (values: Values, commandId: Uint8Array) => {
    const [worth, loss] = [values.worth, values.loss].map((text) => minorOf(text || "0"));
    if (worth === undefined) return { code: "not_an_amount", message: "", field: "worth" };
    if (loss === undefined) return { code: "not_an_amount", message: "", field: "loss" };
    const reply = await cases.open({
      kind,
      subject: values.subject?.trim() ?? "",
      reason: values.reason,
      note: values.note ?? "",
      shareNote: values.shareNote ?? false,
      account: values.account?.trim() ?? "",
      reference: values.reference?.trim() ?? "",
      channel: values.channel ?? "",
      region: values.region ?? "",
      serious: values.serious ?? false,
      ...(kind === "claim" && { claim: { worthMinor: worth, lossMinor: loss, currency, proof: values.proof?.trim() ?? "" } }),
      commandId,
    });
    made = reply.case?.caseId ?? "";
    return settled(reply);
  };
  return (
    <FormDialog<Values>
      title={t("case.open_one")}
      ok={t("case.open_one")}
      run={run}
      onDone={() => onDone(made)}
      onClose={onClose}
      fields={fields}
      {...(initial && { initial })}
    >
      <Form.Item label={t("case.kind")}>
        <Select
          value={kind}
          onChange={setKind}
          id="kind"
          aria-label={t("case.kind")}
          options={Object.keys(openReasons)
            .filter((value) => value !== "regress" || !isClient())
            .map((value) => ({ value, label: t(`case_kind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item key={kind} name="reason" label={t(kind === "complaint" ? "case.about" : "account.reason")} rules={needed}>
        <Select options={(openReasons[kind] ?? []).map((value) => ({ value, label: t(`case_reason.${value}`) }))} />
      </Form.Item>
      {kind !== "regress" && (
        <Form.Item noStyle shouldUpdate={(before: Values, after: Values) => before.reason !== after.reason}>
          {({ getFieldValue }) => {
            const free = kind === "complaint" && !aboutAParcel.includes(getFieldValue("reason"));
            return (
              <Form.Item
                name="subject"
                label={t("case.subject")}
                rules={free ? [] : needed}
                extra={free ? t("case.subject_or_reference") : undefined}
              >
                <Input maxLength={80} />
              </Form.Item>
            );
          }}
        </Form.Item>
      )}
      {kind === "complaint" && <ComplaintFields />}
      {kind === "regress" && <RegressFields />}
      {kind === "claim" && <ClaimFields />}
      <Form.Item name="note" label={t("case.note")}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
      {!isClient() && kind !== "regress" && (
        <Form.Item name="shareNote" valuePropName="checked">
          <Checkbox>{t("case.share_note")}</Checkbox>
        </Form.Item>
      )}
    </FormDialog>
  );
}

function ComplaintFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="reference" label={t("case.reference")}>
        <Input maxLength={80} placeholder="T2 2026-10" />
      </Form.Item>
      {!isClient() && (
        <>
          <Form.Item name="account" label={t("account.account")}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="channel" label={t("case.channel")} rules={needed}>
            <Select options={channels.map((value) => ({ value, label: t(`case_channel.${value}`) }))} />
          </Form.Item>
        </>
      )}
      <Form.Item name="region" label={t("case.region")} extra={t("case.region_hint")}>
        <Select allowClear options={["home", "elsewhere"].map((value) => ({ value, label: t(`case_region.${value}`) }))} />
      </Form.Item>
      {!isClient() && (
        <Form.Item name="serious" valuePropName="checked">
          <Checkbox>{t("case.serious_mark")}</Checkbox>
        </Form.Item>
      )}
    </>
  );
}

function RegressFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="account" label={t("account.account")} rules={needed}>
        <Input maxLength={40} />
      </Form.Item>
      <Form.Item name="reference" label={t("case.sign_reference")}>
        <Input maxLength={80} />
      </Form.Item>
    </>
  );
}

export function ClaimFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="worth" label={t("case.claim_worth", { currency })} rules={needed} extra={t("case.claim_worth_hint")}>
        <Input inputMode="decimal" />
      </Form.Item>
      <Form.Item name="loss" label={t("case.claim_loss", { currency })} extra={t("case.claim_loss_hint")}>
        <Input inputMode="decimal" />
      </Form.Item>
      <Form.Item name="proof" label={t("case.claim_proof")} rules={needed}>
        <Input maxLength={120} />
      </Form.Item>
    </>
  );
}
