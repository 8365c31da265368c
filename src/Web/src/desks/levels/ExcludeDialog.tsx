import { Form, Input, Radio, Tag } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { Person } from "../../app/Person";
import { currentCaller } from "../../app/session";
import { language } from "../../app/texts";
import { minute } from "../../format/figures";
import type { ExclusionProposal } from "../../gen/kal/levels/v1/scorecards_pb";
import { scorecards } from "./client";
import { coded } from "./words";

export const excludeReasons = ["force_majeure", "client", "consignee", "requested_date"];

interface Values {
  confirm: "no" | "yes";
  reason?: string;
  note?: string;
}

interface Props {
  parcel: string;
  // What somebody proposed already.
  proposed: ExclusionProposal | undefined;
  onDone: (state: string) => void;
  onClose: () => void;
}

// Leaving a parcel out of punctuality takes two people: one proposes with a reason, another confirms. Until then it counts.
export function ExcludeDialog({ parcel, proposed, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const state = useRef("");
  return (
    <FormDialog<Values>
      title={t("levels.exclude_title", { parcel })}
      ok={t("act.confirm")}
      initial={{ confirm: proposed && proposed.by !== currentCaller()?.id ? "yes" : "no", ...(proposed && { reason: proposed.reason }) }}
      run={async ({ confirm, reason, note }, commandId) => {
        const reply = await scorecards.exclude({
          commandId,
          parcel,
          reason: reason ?? "",
          note: note?.trim() ?? "",
          confirm: confirm === "yes",
        });
        if (reply.refused) return { code: reply.refused, message: reply.message, field: "" };
        state.current = reply.state;
        return undefined;
      }}
      onDone={() => onDone(state.current)}
      onClose={onClose}
    >
      <p className="quiet-text">{t("levels.exclude_hint")}</p>
      {proposed && (
        <p>
          <Tag color="gold">{t("levels.proposed_because", { reason: coded(t, "exclude_reason", proposed.reason) })}</Tag>
          <Person id={proposed.by} /> · <span className="numbers">{minute(proposed.atUs, language())}</span>
        </p>
      )}
      <Form.Item name="confirm" label={t("levels.exclude_as")}>
        <Radio.Group
          className="column"
          options={[
            { value: "no", label: t("levels.exclude_propose") },
            { value: "yes", label: t("levels.exclude_second") },
          ]}
        />
      </Form.Item>
      {/* Who confirms agrees with the reason that was given. */}
      <Form.Item noStyle dependencies={["confirm"]}>
        {({ getFieldValue }) =>
          getFieldValue("confirm") === "no" && (
            <Form.Item name="reason" label={t("levels.exclude_why")} rules={[{ required: true }]}>
              <Radio.Group
                className="column"
                options={excludeReasons.map((value) => ({ value, label: t(`levels.exclude_reason.${value}`) }))}
              />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item name="note" label={t("levels.exclude_note")}>
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
