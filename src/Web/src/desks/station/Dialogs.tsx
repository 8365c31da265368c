import { create } from "@bufbuild/protobuf";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  ConfirmationMethod,
  HandoverKind,
  HandoverLineSchema,
  LineResult,
  PartyKind,
  PartySchema,
  Side,
} from "../../gen/kal/custody/v1/events_pb";
import type { HandoverProgress, StationReply, StationState } from "../../gen/kal/edge/v1/station_pb";
import { newId, stationClient } from "./client";

export type DialogName = "hand" | "hold" | "problem" | "handover" | "check" | "confirm" | "abandon" | "pairing";

interface DialogProps {
  state: StationState;
  onClose: () => void;
}

// Sends an act, shows a refusal in words and stays; closes when done. Nothing typed is lost by a refusal.
function useAct(onClose: () => void) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  async function act(send: () => Promise<StationReply>) {
    setBusy(true);
    setProblem("");
    try {
      const reply = await send();
      if (reply.answer.case === "refused") {
        const refused = reply.answer.value;
        setProblem(
          t(`refusal.${refused.code}`, { ...refused.figures, defaultValue: refused.message || t("refusal.other", { code: refused.code }) }),
        );
      } else onClose();
    } catch {
      setProblem(t("refusal.agent_unreachable"));
    } finally {
      setBusy(false);
    }
  }
  return { act, problem, busy };
}

function Frame({
  title,
  problem,
  children,
  onClose,
  onSubmit,
  busy,
  submit,
}: {
  title: string;
  problem: string;
  children: ReactNode;
  onClose: () => void;
  onSubmit: () => void;
  busy: boolean;
  submit: string;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>("input,select,button")?.focus();
  }, []);
  return (
    <div className="veil">
      <form
        ref={box}
        className="dialog"
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          event.stopPropagation();
        }}
      >
        <h2>{title}</h2>
        {children}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div className="row-end">
          <button type="button" className="quiet" onClick={onClose}>
            {t("act.cancel")} <kbd>Esc</kbd>
          </button>
          <button type="submit" disabled={busy}>
            {submit} <kbd>↵</kbd>
          </button>
        </div>
      </form>
    </div>
  );
}

function Choice({
  name,
  value,
  options,
  onChange,
}: {
  name: string;
  value: string;
  options: [string, string][];
  onChange: (next: string) => void;
}) {
  return (
    <fieldset className="choice">
      <legend>{name}</legend>
      {options.map(([id, word], index) => (
        <label key={id} className={id === value ? "chosen" : ""}>
          <input type="radio" name={name} checked={id === value} onChange={() => onChange(id)} /> <kbd>{index + 1}</kbd> {word}
        </label>
      ))}
    </fieldset>
  );
}

export function HandEntry({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [parcel, setParcel] = useState(state.pairing?.parcel ?? "");
  const [kg, setKg] = useState("");
  const [reason, setReason] = useState("scale_broken");
  const [wrong, setWrong] = useState("");
  const send = () => {
    const text = kg.replace(",", ".").trim();
    if (text && !/^\d{1,4}(\.\d{1,3})?$/.test(text)) return setWrong(t("hand.not_a_weight", { text: kg }));
    setWrong("");
    const [whole = "0", part = ""] = text.split(".");
    const massMg = text ? BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, "0")) : 0n;
    void act(() => stationClient.enterByHand({ commandId: newId(), station: state.station, parcelText: parcel.trim(), massMg, reason }));
  };
  return (
    <Frame title={t("hand.title")} problem={wrong || problem} busy={busy} submit={t("act.enter")} onClose={onClose} onSubmit={send}>
      <p className="muted">{t("hand.warning")}</p>
      <label>
        {t("hand.code")}
        <input value={parcel} onChange={(event) => setParcel(event.target.value)} autoComplete="off" required />
      </label>
      <label>
        {t("hand.kg")}
        <input value={kg} onChange={(event) => setKg(event.target.value)} inputMode="decimal" autoComplete="off" />
      </label>
      <Choice
        name={t("hand.reason")}
        value={reason}
        onChange={setReason}
        options={["scale_broken", "scale_absent", "too_large_for_scale", "label_unreadable", "scanner_broken"].map((id) => [
          id,
          t(`reason.${id}`),
        ])}
      />
    </Frame>
  );
}

export function HoldDialog({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [parcel, setParcel] = useState(state.judged?.parcel ?? "");
  const [place, setPlace] = useState("");
  const [reason, setReason] = useState("damaged");
  return (
    <Frame
      title={t("hold.title")}
      problem={problem}
      busy={busy}
      submit={t("act.hold")}
      onClose={onClose}
      onSubmit={() =>
        void act(() =>
          stationClient.holdParcel({ commandId: newId(), station: state.station, parcel: parcel.trim(), reason, place: place.trim() }),
        )
      }
    >
      <label>
        {t("hand.code")}
        <input value={parcel} onChange={(event) => setParcel(event.target.value)} required autoComplete="off" />
      </label>
      <label>
        {t("hold.place")}
        <input value={place} onChange={(event) => setPlace(event.target.value)} required autoComplete="off" />
      </label>
      <Choice
        name={t("hand.reason")}
        value={reason}
        onChange={setReason}
        options={["damaged", "seal_mismatch", "prohibited_suspected", "address_problem", "client_request"].map((id) => [
          id,
          t(`reason.${id}`, { defaultValue: id }),
        ])}
      />
    </Frame>
  );
}

export function ProblemDialog({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem: refused, busy } = useAct(onClose);
  const [parcel, setParcel] = useState(state.judged?.parcel ?? "");
  const [place, setPlace] = useState("");
  const [problem, setProblem] = useState("missing");
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
            problem,
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
      <label>
        {t("problem.code")}
        <input value={parcel} onChange={(event) => setParcel(event.target.value)} autoComplete="off" />
      </label>
      <label>
        {t("hold.place")}
        <input value={place} onChange={(event) => setPlace(event.target.value)} autoComplete="off" />
      </label>
    </Frame>
  );
}

const kinds: [string, HandoverKind, PartyKind, PartyKind][] = [
  ["1", HandoverKind.CLIENT_TO_COURIER, PartyKind.CLIENT, PartyKind.COURIER],
  ["2", HandoverKind.COURIER_TO_DEPOT, PartyKind.COURIER, PartyKind.DEPOT],
  ["3", HandoverKind.DEPOT_TO_COURIER, PartyKind.DEPOT, PartyKind.COURIER],
  ["4", HandoverKind.COURIER_TO_CONSIGNEE, PartyKind.COURIER, PartyKind.CONSIGNEE],
  ["5", HandoverKind.CLIENT_TO_DEPOT, PartyKind.CLIENT, PartyKind.DEPOT],
];

export function OpenHandover({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [kind, setKind] = useState("2");
  const [giver, setGiver] = useState("");
  const [receiver, setReceiver] = useState(state.depot);
  const chosen = kinds.find(([id]) => id === kind);
  return (
    <Frame
      title={t("handover.open")}
      problem={problem}
      busy={busy}
      submit={t("act.open")}
      onClose={onClose}
      onSubmit={() =>
        void act(() =>
          stationClient.openHandover({
            commandId: newId(),
            station: state.station,
            kind: chosen?.[1] ?? HandoverKind.UNSPECIFIED,
            giver: create(PartySchema, { kind: chosen?.[2] ?? 0, id: giver.trim() }),
            receiver: create(PartySchema, { kind: chosen?.[3] ?? 0, id: receiver.trim() }),
          }),
        )
      }
    >
      <Choice
        name={t("handover.which")}
        value={kind}
        onChange={(next) => {
          setKind(next);
          const found = kinds.find(([id]) => id === next);
          setGiver(found?.[2] === PartyKind.DEPOT ? state.depot : "");
          setReceiver(found?.[3] === PartyKind.DEPOT ? state.depot : "");
        }}
        options={kinds.map(([id, value]) => [id, t(`handover.kind.${value}`)])}
      />
      <label>
        {t("handover.giver")}
        <input value={giver} onChange={(event) => setGiver(event.target.value)} required autoComplete="off" />
      </label>
      <label>
        {t("handover.receiver")}
        <input value={receiver} onChange={(event) => setReceiver(event.target.value)} required autoComplete="off" />
      </label>
    </Frame>
  );
}

export function CheckLine({ state, onClose, handover }: DialogProps & { handover: HandoverProgress }) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const line =
    handover.lines.find((one) => one.parcel === state.pairing?.parcel) ??
    handover.lines.find((one) => one.missing.length > 0) ??
    handover.lines[0];
  const [parcel, setParcel] = useState(line?.parcel ?? "");
  const [result, setResult] = useState(String(LineResult.ACCEPTED));
  const [seal, setSeal] = useState(line?.sealFound ?? "");
  const [packaging, setPackaging] = useState(true);
  const [touch, setTouch] = useState(true);
  const [reason, setReason] = useState("");
  const current = handover.lines.find((one) => one.parcel === parcel);
  const accepted = result === String(LineResult.ACCEPTED);
  return (
    <Frame
      title={t("handover.check")}
      problem={problem}
      busy={busy}
      submit={t("act.enter")}
      onClose={onClose}
      onSubmit={() =>
        void act(() =>
          stationClient.checkLine({
            commandId: newId(),
            station: state.station,
            parcel: parcel.trim(),
            line: create(HandoverLineSchema, {
              result: Number(result),
              sealFound: seal.trim(),
              packagingOk: packaging,
              touchOk: touch,
              codMinor: current?.codMinor ?? 0n,
              freightCollectMinor: current?.freightCollectMinor ?? 0n,
              currency: handover.currency,
              reason,
            }),
          }),
        )
      }
    >
      <label>
        {t("hand.code")}
        <input value={parcel} onChange={(event) => setParcel(event.target.value)} required list="lines" autoComplete="off" />
        <datalist id="lines">
          {handover.lines.map((one) => (
            <option key={one.parcel} value={one.parcel} />
          ))}
        </datalist>
      </label>
      <Choice
        name={t("handover.result")}
        value={result}
        onChange={setResult}
        options={[LineResult.ACCEPTED, LineResult.SHORT, LineResult.DAMAGED, LineResult.REFUSED].map((id) => [
          String(id),
          t(`handover.line.${id}`),
        ])}
      />
      {accepted && current?.insured && (
        <label>
          {t("handover.seal", { seal: current.sealExpected })}
          <input value={seal} onChange={(event) => setSeal(event.target.value)} autoComplete="off" />
        </label>
      )}
      {accepted && current?.insured && (
        <label className="check">
          <input type="checkbox" checked={packaging} onChange={(event) => setPackaging(event.target.checked)} /> {t("check.packaging_ok")}
        </label>
      )}
      {accepted && current?.fragile && (
        <label className="check">
          <input type="checkbox" checked={touch} onChange={(event) => setTouch(event.target.checked)} /> {t("check.touch_ok")}
        </label>
      )}
      {!accepted && (
        <label>
          {t("hand.reason")}
          <input value={reason} onChange={(event) => setReason(event.target.value)} required autoComplete="off" />
        </label>
      )}
    </Frame>
  );
}

export function ConfirmDialog({ state, onClose, handover }: DialogProps & { handover: HandoverProgress }) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const side = handover.state === "confirmed_giver" ? Side.RECEIVER : Side.GIVER;
  const [who, setWho] = useState("");
  const [pin, setPin] = useState("");
  return (
    <Frame
      title={t(side === Side.GIVER ? "handover.confirm_giver" : "handover.confirm_receiver", { count: handover.accepted })}
      problem={problem}
      busy={busy}
      submit={t("act.confirm")}
      onClose={onClose}
      onSubmit={() =>
        void act(() =>
          stationClient.confirmHandover({
            commandId: newId(),
            station: state.station,
            side,
            method: ConfirmationMethod.PIN,
            nameOrBadge: who.trim(),
            pin,
            totals: {
              accepted: handover.accepted,
              excepted: handover.excepted,
              codMinor: handover.codMinor,
              freightCollectMinor: handover.freightCollectMinor,
              currency: handover.currency,
            },
          }),
        )
      }
    >
      <p>{t("handover.counts", { accepted: handover.accepted, excepted: handover.excepted })}</p>
      <label>
        {t("station.name_or_badge")}
        <input value={who} onChange={(event) => setWho(event.target.value)} required autoComplete="off" />
      </label>
      <label>
        {t("station.pin")}
        <input
          value={pin}
          onChange={(event) => setPin(event.target.value)}
          type="password"
          inputMode="numeric"
          required
          autoComplete="off"
        />
      </label>
    </Frame>
  );
}

export function AbandonDialog({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [reason, setReason] = useState("");
  return (
    <Frame
      title={t("handover.abandon")}
      problem={problem}
      busy={busy}
      submit={t("act.abandon")}
      onClose={onClose}
      onSubmit={() => void act(() => stationClient.abandonHandover({ commandId: newId(), station: state.station, reason: reason.trim() }))}
    >
      <label>
        {t("hand.reason")}
        <input value={reason} onChange={(event) => setReason(event.target.value)} required autoComplete="off" />
      </label>
    </Frame>
  );
}

export function PairingDialog({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const candidates = state.pairing?.candidates ?? [];
  const [chosen, setChosen] = useState(candidates[0] ?? "");
  return (
    <Frame
      title={t("pairing.title")}
      problem={problem}
      busy={busy}
      submit={t("act.choose")}
      onClose={onClose}
      onSubmit={() => void act(() => stationClient.resolvePairing({ commandId: newId(), station: state.station, parcel: chosen }))}
    >
      <Choice
        name={t("pairing.which")}
        value={chosen}
        onChange={setChosen}
        options={[...candidates.map((one): [string, string] => [one, one]), ["", t("pairing.none")]]}
      />
    </Frame>
  );
}
