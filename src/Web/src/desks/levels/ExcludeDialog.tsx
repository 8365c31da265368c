import { Form, Input, Radio } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { scorecards } from "./client";

export const excludeReasons = ["force_majeure", "client", "consignee", "requested_date"];

interface Values {
  confirm: "no" | "yes";
  reason?: string;
  note?: string;
}

interface Props {
  parcel: string;
  // The reason that somebody proposed already; empty when nobody did.
  proposed: string;
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
      initial={{ confirm: proposed ? "yes" : "no", reason: proposed }}
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
