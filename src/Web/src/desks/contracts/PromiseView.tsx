import { useTranslation } from "react-i18next";
import { type Fields, isFields, list, text } from "./document";
import { PlaceTable } from "./PlaceTable";

// The promise: the way with its gates, and working days by lane.
export function PromiseView({ clause }: { clause: Fields }) {
  const { t } = useTranslation();
  const gates = list(clause.gates).filter(isFields);
  const transit = list(clause.transit).filter(isFields);
  const when = (gate: Fields) =>
    gate.after !== undefined
      ? t(text(gate.after) === "0" ? "gate.same_day" : "gate.after", { days: text(gate.after) })
      : t(text(gate.before) === "0" ? "gate.last_day" : "gate.before", { days: text(gate.before) });
  return (
    <>
      <ol className="gates">
        <li className="gate end">
          <b>{t("gate.accepted")}</b>
          <span className="numbers">{t("gate.cut_off", { time: text(clause.cut_off) })}</span>
        </li>
        {gates.map((gate) => (
          <li key={text(gate.gate)} className="gate">
            <b>{t(`gate.${text(gate.gate)}`, { defaultValue: text(gate.gate) })}</b>
            <span className="numbers">{text(gate.by)}</span>
            <span className="quiet-text">{when(gate)}</span>
          </li>
        ))}
        <li className="gate end">
          <b>{t("gate.promised")}</b>
          <span className="numbers">{text(clause.by) || t("gate.end_of_day")}</span>
          <span className="quiet-text">{t(`gate.by_${text(clause.decided_by) || "date"}`)}</span>
        </li>
      </ol>
      <PlaceTable
        title={t("contract.transit")}
        last={t("contract.working_days")}
        rows={transit.map((row) => ({ from: text(row.from) || "*", to: text(row.to) || "*", last: text(row.days) }))}
      />
    </>
  );
}
