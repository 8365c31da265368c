import { Alert, Button, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "../../app/faults";
import type { RateReply } from "../../gen/kal/contracts/v1/rating_pb";
import type { Question, QuestionField } from "./question";

const fields: QuestionField[] = ["weight", "sides", "to", "from", "service", "value", "cod"];

// The same shipment with one thing changed.
export function WhatIf({
  asked,
  ask,
  onAnswer,
}: {
  asked: Question;
  ask: (question: Question) => Promise<{ reply: RateReply } | { wrong: QuestionField[] }>;
  onAnswer: (text: string, reply: RateReply) => void;
}) {
  const { t } = useTranslation();
  const [field, setField] = useState<QuestionField>("weight");
  const [value, setValue] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    setProblem("");
    try {
      const answer = await ask({ ...asked, [field]: value.trim() });
      if ("wrong" in answer) setProblem(t(`price.wrong_${field}`, { defaultValue: t("sign_in.needed") }));
      else onAnswer(`${t(`price.${field}`)}: ${value.trim() || "–"}`, answer.reply);
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="what-if">
      <b>{t("price.what_if")}</b>
      <Select
        value={field}
        onChange={(next) => {
          setField(next);
          setValue("");
        }}
        aria-label={t("price.what_if")}
        options={fields.map((one) => ({ value: one, label: t(`price.${one}`) }))}
      />
      <span className="quiet-text numbers">{asked[field] || "–"} →</span>
      <Input
        style={{ width: 150 }}
        value={value}
        aria-label={t(`price.${field}`)}
        onChange={(event) => setValue(event.target.value)}
        onPressEnter={() => void send()}
      />
      <Button onClick={() => void send()} loading={busy}>
        {t("price.compare")}
      </Button>
      {problem && <Alert type="warning" showIcon title={problem} role="alert" />}
    </div>
  );
}
