import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newId, stationClient } from "../client";
import type { DialogProps } from "./Dialog";
import { Choice, Field, Frame, isParcel, useAct, useScanned } from "./Frame";

const present = ({ state }: DialogProps) => state.pairing?.parcel || state.judged?.parcel || "";

export function HoldDialog(props: DialogProps) {
  const { state, onClose } = props;
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [parcel, setParcel] = useState(() => present(props));
  const [place, setPlace] = useState("");
  const [reason, setReason] = useState<string>();
  useScanned(state, (scan) => isParcel(scan) && setParcel(scan.text));
  return (
    <Frame
      title={t("hold.title")}
      problem={problem}
      busy={busy}
      submit={t("act.hold")}
      onClose={onClose}
      onSubmit={() =>
        void act(() =>
          stationClient.holdParcel({
            commandId: newId(),
            station: state.station,
            parcel: parcel.trim(),
            reason: reason ?? "",
            place: place.trim(),
          }),
        )
      }
    >
      <Field label={t("hand.code")} value={parcel} onChange={setParcel} required hint={t("hand.code_hint")} />
      <Choice
        name={t("hold.reason")}
        value={reason}
        onChange={setReason}
        options={["damaged", "seal_mismatch", "prohibited_suspected", "address_problem", "client_request"].map((id) => [
          id,
          t(`reason.${id}`),
        ])}
      />
      <Field label={t("hold.place")} value={place} onChange={setPlace} hint={t("hold.place_hint")} />
    </Frame>
  );
}

export function ProblemDialog(props: DialogProps) {
  const { state, onClose } = props;
  const { t } = useTranslation();
  const { act, problem: refused, busy } = useAct(onClose);
  const [parcel, setParcel] = useState("");
  const [place, setPlace] = useState("");
  const [problem, setProblem] = useState<string>();
  useScanned(state, (scan) => isParcel(scan) && setParcel(scan.text));
  return (
    <Frame
      title={t("problem.title")}
      problem={refused}
      busy={busy}
      submit={t("act.report")}
      onClose={onClose}
      onSubmit={() =>
        void act(() =>
          stationClient.reportWaybillProblem({
            commandId: newId(),
            station: state.station,
            parcel: parcel.trim(),
            problem: problem ?? "",
            place: place.trim(),
          }),
        )
      }
    >
      <Choice
        name={t("problem.what")}
        value={problem}
        onChange={setProblem}
        options={["missing", "damaged_slight", "damaged_severe", "illegible"].map((id) => [id, t(`problem.${id}`)])}
      />
      <p className="muted">{problem ? t(`problem.${problem}_then`) : t("problem.choose")}</p>
      <Field
        label={t("problem.code")}
        value={parcel}
        onChange={setParcel}
        required={problem !== undefined && problem !== "missing"}
        hint={t("hand.code_hint")}
      />
      <Field label={t("hold.place")} value={place} onChange={setPlace} hint={t("hold.place_hint")} />
    </Frame>
  );
}

export function PairingDialog({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const candidates = state.pairing?.candidates ?? [];
  const [chosen, setChosen] = useState<string>();
  return (
    <Frame
      title={t("pairing.title")}
      problem={problem}
      busy={busy}
      submit={t("act.choose")}
      onClose={onClose}
      onSubmit={() => void act(() => stationClient.resolvePairing({ commandId: newId(), station: state.station, parcel: chosen ?? "" }))}
    >
      <p className="muted">{t("pairing.why")}</p>
      <Choice
        name={t("pairing.which")}
        value={chosen}
        onChange={setChosen}
        options={[...candidates.map((one): [string, string] => [one, one]), ["", t("pairing.none")]]}
      />
    </Frame>
  );
}
