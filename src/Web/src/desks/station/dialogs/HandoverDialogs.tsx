import { create } from "@bufbuild/protobuf";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../../app/texts";
import { money } from "../../../format/figures";
import {
  ConfirmationMethod,
  HandoverKind,
  HandoverLineSchema,
  LineResult,
  PartyKind,
  PartySchema,
  Side,
} from "../../../gen/kal/custody/v1/events_pb";
import type { HandoverProgress } from "../../../gen/kal/edge/v1/station_pb";
import { newId, stationClient } from "../client";
import { partyName } from "../party";
import type { DialogProps } from "./Dialog";
import { Choice, Field, Frame, isParcel, useAct, useScanned } from "./Frame";

// The handovers that happen at a station: the depot is one side of each. Those at a door are the courier's own.
const kinds: [HandoverKind, PartyKind, PartyKind][] = [
  [HandoverKind.DEPOT_TO_COURIER, PartyKind.DEPOT, PartyKind.COURIER],
  [HandoverKind.COURIER_TO_DEPOT, PartyKind.COURIER, PartyKind.DEPOT],
  [HandoverKind.CLIENT_TO_DEPOT, PartyKind.CLIENT, PartyKind.DEPOT],
];
const listShown = 6;

export function OpenHandover({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [kind, setKind] = useState<string>();
  const [other, setOther] = useState("");
  const [typed, setTyped] = useState("");
  const [parcels, setParcels] = useState<string[]>([]);
  const chosen = kinds.find(([id]) => String(id) === kind);
  const client = chosen?.[1] === PartyKind.CLIENT;
  const add = (code: string) => setParcels((list) => (list.includes(code) ? list : [...list, code]));
  useScanned(state, (scan) => {
    if (scan.kind === "badge") setOther(scan.text);
    else if (isParcel(scan)) add(scan.text);
  });
  const party = (of: PartyKind | undefined) =>
    create(PartySchema, { kind: of ?? 0, id: of === PartyKind.DEPOT ? state.depot : other.trim() });
  const submit = () => {
    if (typed.trim()) {
      add(typed.trim());
      setTyped("");
      return;
    }
    void act(() =>
      stationClient.openHandover({
        commandId: newId(),
        station: state.station,
        kind: chosen?.[0] ?? HandoverKind.UNSPECIFIED,
        giver: party(chosen?.[1]),
        receiver: party(chosen?.[2]),
        parcels,
      }),
    );
  };
  return (
    <Frame title={t("handover.open")} problem={problem} busy={busy} submit={t("act.open")} onClose={onClose} onSubmit={submit}>
      <Choice
        name={t("handover.which")}
        value={kind}
        onChange={setKind}
        options={kinds.map(([id]) => [String(id), t(`handover.kind.${id}`)])}
      />
      <Field
        name="other"
        label={t(client ? "handover.client" : "handover.courier")}
        value={other}
        onChange={setOther}
        required
        hint={t(client ? "handover.client_hint" : "handover.courier_hint")}
      />
      <Field name="parcel" label={t("handover.parcels")} value={typed} onChange={setTyped} hint={t("handover.parcels_hint")} />
      <div className="scanned" data-count={parcels.length}>
        <b>{parcels.length > 0 ? t("handover.listed", { count: parcels.length }) : t("handover.all_expected")}</b>
        {parcels.slice(-listShown).map((one) => (
          <span key={one}>{one}</span>
        ))}
        {parcels.length > 0 && (
          <button type="button" className="quiet" onClick={() => setParcels((list) => list.slice(0, -1))}>
            {t("handover.unlist")}
          </button>
        )}
      </div>
    </Frame>
  );
}

export function CheckLine({ state, onClose, handover }: DialogProps & { handover: HandoverProgress }) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const first =
    handover.lines.find((one) => one.parcel === (state.instruction?.figures.parcel || state.pairing?.parcel)) ??
    handover.lines.find((one) => one.result === LineResult.UNSPECIFIED && !one.missing.includes("scan")) ??
    handover.lines.find((one) => one.result === LineResult.UNSPECIFIED);
  const [parcel, setParcel] = useState(first?.parcel ?? "");
  const [result, setResult] = useState<string>();
  const [seal, setSeal] = useState(first?.sealFound ?? "");
  const [packaging, setPackaging] = useState<string>();
  const [touch, setTouch] = useState<string>();
  const [amount, setAmount] = useState<string>();
  const [reason, setReason] = useState<string>();
  useScanned(state, (scan) => {
    if (scan.kind === "seal") setSeal(scan.text.slice(scan.text.indexOf("-") + 1));
    else if (isParcel(scan)) setParcel(scan.text);
  });
  const current = handover.lines.find((one) => one.parcel === parcel.trim());
  const accepted = result === String(LineResult.ACCEPTED);
  const yesNo: [string, string][] = [
    ["yes", t("check.yes")],
    ["no", t("check.no")],
  ];
  const amounts = current && (current.codMinor > 0n || current.freightCollectMinor > 0n);
  const reasons = result === String(LineResult.SHORT) ? ["not_there"] : ["damaged", "seal_mismatch", "amount_wrong", "address_problem"];
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
              packagingOk: packaging === "yes",
              touchOk: touch === "yes",
              reweighed: accepted && current !== undefined && !current.missing.includes("reweigh"),
              codMinor: amount === "yes" ? current?.codMinor : 0n,
              freightCollectMinor: amount === "yes" ? current?.freightCollectMinor : 0n,
              currency: amount === "yes" ? current?.currency : "",
              reason: accepted ? "" : (reason ?? ""),
            }),
          }),
        )
      }
    >
      <Field name="parcel" label={t("hand.code")} value={parcel} onChange={setParcel} required hint={t("hand.code_hint")} />
      <Choice
        name={t("handover.result")}
        value={result}
        onChange={(next) => {
          setResult(next);
          setReason(next === String(LineResult.SHORT) ? "not_there" : undefined);
        }}
        options={[LineResult.ACCEPTED, LineResult.SHORT, LineResult.DAMAGED, LineResult.REFUSED].map((id) => [
          String(id),
          t(`handover.line.${id}`),
        ])}
      />
      {accepted && current?.insured && (
        <Field
          name="seal"
          label={current.sealExpected ? t("handover.seal", { seal: current.sealExpected }) : t("handover.seal_first")}
          value={seal}
          onChange={setSeal}
          required
        />
      )}
      {accepted && current?.insured && <Choice name={t("check.packaging_ok")} value={packaging} onChange={setPackaging} options={yesNo} />}
      {accepted && current?.fragile && <Choice name={t("check.touch_ok")} value={touch} onChange={setTouch} options={yesNo} />}
      {accepted && amounts && (
        <Choice
          name={t("check.amount_ok", {
            cod: money(current.codMinor, current.currency, language()),
            freight: money(current.freightCollectMinor, current.currency, language()),
          })}
          value={amount}
          onChange={setAmount}
          options={yesNo}
        />
      )}
      {result && !accepted && (
        <Choice name={t("hold.reason")} value={reason} onChange={setReason} options={reasons.map((id) => [id, t(`reason.${id}`)])} />
      )}
    </Frame>
  );
}

export function ConfirmDialog({ state, onClose, handover }: DialogProps & { handover: HandoverProgress }) {
  const { t } = useTranslation();
  const { act, problem, setProblem, busy } = useAct(onClose);
  const [side] = useState(handover.state === "confirmed_giver" ? Side.RECEIVER : Side.GIVER);
  const [who, setWho] = useState("");
  const [pin, setPin] = useState("");
  useScanned(state, (scan) => scan.kind === "badge" && setWho(scan.text));
  const giver = side === Side.GIVER;
  const party = giver ? handover.giver : handover.receiver;
  const spoken = language();
  const counted = handover.state !== "open";
  const currency = handover.currency || "CNY";
  return (
    <Frame
      title={t(giver ? "handover.confirm_giver" : "handover.confirm_receiver", {
        party: partyName(t, party, giver ? handover.giverName : handover.receiverName),
      })}
      problem={problem}
      busy={busy}
      submit={t("act.confirm")}
      onClose={onClose}
      onSubmit={() =>
        counted
          ? void act(() =>
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
          : setProblem(t("refusal.not_counted"))
      }
    >
      <p>{t("handover.you_confirm")}</p>
      <dl className="totals">
        <dt>{t("handover.accepted_pieces")}</dt>
        <dd>{handover.accepted}</dd>
        <dt>{t("handover.excepted_pieces")}</dt>
        <dd>{handover.excepted}</dd>
        <dt>{t("handover.cod")}</dt>
        <dd>{money(handover.codMinor, currency, spoken)}</dd>
        <dt>{t("handover.freight_collect")}</dt>
        <dd>{money(handover.freightCollectMinor, currency, spoken)}</dd>
      </dl>
      <Field name="who" label={t("station.name_or_badge")} value={who} onChange={setWho} required hint={t("station.badge_hint")} />
      <Field name="pin" label={t("station.pin")} value={pin} onChange={setPin} type="password" inputMode="numeric" required />
    </Frame>
  );
}

export function AbandonDialog({ state, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, problem, busy } = useAct(onClose);
  const [reason, setReason] = useState<string>();
  return (
    <Frame
      title={t("handover.abandon")}
      problem={problem}
      busy={busy}
      submit={t("act.abandon")}
      onClose={onClose}
      onSubmit={() => void act(() => stationClient.abandonHandover({ commandId: newId(), station: state.station, reason: reason ?? "" }))}
    >
      <p className="muted">{t("handover.abandon_means")}</p>
      <Choice
        name={t("hold.reason")}
        value={reason}
        onChange={setReason}
        options={["opened_by_mistake", "not_agreed", "person_left", "wrong_parties"].map((id) => [id, t(`reason.${id}`)])}
      />
    </Frame>
  );
}
