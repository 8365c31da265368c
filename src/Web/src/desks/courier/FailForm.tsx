import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Tick } from "./DeliverForm";
import type { Picture } from "./facts";
import { PhotoField } from "./PhotoField";
import type { Stop } from "./round";
import { actionsFor, attemptReasons, doorRefusals, missedReasons, refusalReasons } from "./rules";
import { useWork } from "./useCourier";

// Not delivered, or not picked up: no attempt without its reason, and for a delivery what is done about it.
export function FailForm({ of, onDone, onBack }: { of: Stop; onDone: () => void; onBack: () => void }) {
  const { t } = useTranslation();
  const work = useWork();
  const pickup = of.stop.kind === "pickup";
  const open = of.parcels.filter((parcel) => parcel.state !== "delivered" && parcel.state !== "at_pickup_point");
  const [refused, setRefused] = useState(false);
  const [reason, setReason] = useState("");
  const [action, setAction] = useState("");
  const [consented, setConsented] = useState(false);
  const [photo, setPhoto] = useState<Picture>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const reasons = pickup ? (refused ? doorRefusals : missedReasons) : refused ? refusalReasons : attemptReasons;
  const actions = pickup ? [] : actionsFor(open, refused);
  const ready = reason !== "" && (pickup || action !== "") && (action !== "locker" || consented);

  async function confirm() {
    setBusy(true);
    setProblem("");
    try {
      await work.act((acts) =>
        pickup ? acts.notPickedUp(of.stop, refused, reason) : acts.failed(of.stop, open, refused, reason, action, photo),
      );
      onDone();
    } catch {
      setProblem(t("courier.not_kept"));
      setBusy(false);
    }
  }
  return (
    <form
      className="deliver"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void confirm();
      }}
    >
      <fieldset className="hands">
        <legend>{t("courier.what_happened")}</legend>
        {[false, true].map((value) => (
          <label key={String(value)} className={refused === value ? "on" : ""}>
            <input
              type="radio"
              name="refused"
              checked={refused === value}
              onChange={() => {
                setRefused(value);
                setReason("");
                setAction("");
              }}
            />
            {t(pickup ? (value ? "courier.we_refuse" : "courier.nobody_gave") : value ? "courier.consignee_refuses" : "courier.could_not")}
          </label>
        ))}
      </fieldset>
      <Choice
        name="reason"
        title={t("courier.reason_title")}
        options={reasons}
        group={pickup && refused ? "door_refusal" : "reason"}
        value={reason}
        set={setReason}
      />
      {!pickup && (
        <Choice name="action" title={t("courier.action_title")} options={actions} group="action" value={action} set={setAction} />
      )}
      {action === "locker" && <Tick name="consented" text={t("courier.consent_given")} on={consented} set={setConsented} />}
      {!pickup && <PhotoField demanded={false} value={photo} set={setPhoto} />}
      {!ready && (
        <ul className="missing">
          {reason === "" && <li>{t("courier.lack.reason")}</li>}
          {!pickup && action === "" && <li>{t("courier.lack.action")}</li>}
          {action === "locker" && !consented && <li>{t("courier.lack.consent")}</li>}
        </ul>
      )}
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="main warn" disabled={!ready || busy} data-act="confirm">
        {t(pickup ? "courier.confirm_no_pickup" : "courier.confirm_failed")}
      </button>
      <button type="button" className="plain" onClick={onBack}>
        {t("courier.back")}
      </button>
    </form>
  );
}

interface ChoiceProps {
  name: string;
  title: string;
  options: string[];
  group: string;
  value: string;
  set: (value: string) => void;
}

function Choice({ name, title, options, group, value, set }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="hands">
      <legend>{title}</legend>
      {options.map((one) => (
        <label key={one} className={value === one ? "on" : ""}>
          <input type="radio" name={name} value={one} checked={value === one} onChange={() => set(one)} />
          {t(`courier.${group}.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}
