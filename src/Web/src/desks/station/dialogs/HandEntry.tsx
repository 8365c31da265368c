import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newId, stationClient } from "../client";
import type { DialogProps } from "./Dialog";
import { Choice, Field, Frame, isParcel, useAct, useScanned } from "./Frame";

const reasons = ["scale_broken", "scale_absent", "too_large_for_scale", "label_unreadable", "scanner_broken"];

// A weight or a code typed by hand, for when a device cannot: the reason is chosen, never assumed, and stays with the fact for ever.
export function HandEntry({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, setProblem, busy } = useAct(onClose);
  const [parcel, setParcel] = useState(state.pairing?.parcel ?? "");
  const [kg, setKg] = useState("");
  const [reason, setReason] = useState<string>();
  useScanned(state, (scan) => isParcel(scan) && setParcel(scan.text));
  const send = () => {
    const text = kg.replace(",", ".").trim();
    if (text && !/^\d{1,4}(\.\d{1,3})?$/.test(text)) return setProblem(t("hand.not_a_weight", { text: kg }));
    const [whole = "0", part = ""] = text.split(".");
    const massMg = text ? BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, "0")) : 0n;
    if (text && massMg === 0n) return setProblem(t("hand.not_a_weight", { text: kg }));
    void act(() =>
      stationClient.enterByHand({ commandId: newId(), station: state.station, parcelText: parcel.trim(), massMg, reason: reason ?? "" }),
    );
  };
  return (
    <Frame title={t("hand.title")} problem={problem} busy={busy} submit={t("act.enter")} onClose={onClose} onSubmit={send}>
      <p className="muted">{t("hand.warning")}</p>
      <Field name="code" label={t("hand.code")} value={parcel} onChange={setParcel} required hint={t("hand.code_hint")} />
      <Field name="kg" label={t("hand.kg")} value={kg} onChange={setKg} inputMode="decimal" />
      <Choice name={t("hand.reason")} value={reason} onChange={setReason} options={reasons.map((id) => [id, t(`reason.${id}`)])} />
    </Frame>
  );
}
