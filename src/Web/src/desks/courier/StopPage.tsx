import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router-dom";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import type { MyParcel } from "../../gen/kal/dispatch/v1/courier_pb";
import { DeliverForm } from "./DeliverForm";
import { FailForm } from "./FailForm";
import { PickupForm } from "./PickupForm";
import { dueBy, hour } from "./RunPage";
import type { Stop } from "./round";
import { useWork } from "./useCourier";

type Doing = "looking" | "deliver" | "fail" | "pickup" | "no_pickup";

// A door: whom to ask for, what to bring, what it takes; and the two things that can happen.
export function StopPage() {
  const { t } = useTranslation();
  const { stop: id = "" } = useParams();
  const [query] = useSearchParams();
  const { stops, day } = useWork();
  const go = useNavigate();
  const [doing, setDoing] = useState<Doing>(query.get("do") === "deliver" ? "deliver" : "looking");
  const of = stops.find((one) => one.stop.stop === id);
  if (!of)
    return (
      <p className="notice" role="alert">
        {t("courier.no_such_stop", { stop: id })} <Link to="/courier">{t("courier.back_to_run")}</Link>
      </p>
    );
  const done = () => go("/courier");
  const back = () => setDoing("looking");
  const pickup = of.stop.kind === "pickup";
  // What may not be given away does not invite to.
  const blocked = !pickup && of.parcels.length > 0 && of.parcels.every((parcel) => parcel.intercept || parcel.hold);
  return (
    <section data-page="stop" data-stop={id}>
      <Link to="/courier" className="back">
        ‹ {t("courier.back_to_run")}
      </Link>
      <h1>{pickup ? `${of.stop.account} ${of.stop.site}` : of.stop.address || of.stop.stop}</h1>
      <p className="quiet">
        {!pickup && `${of.stop.name} ${of.stop.phone} · `}
        {of.stop.promisedUs > 0n && `${t("courier.promised", { at: dueBy(of.stop.promisedUs, day.day) })} · `}
        {of.stop.fromUs > 0n && `${hour(of.stop.fromUs)}–${hour(of.stop.untilUs)} · `}
        {of.stop.predictedUs > 0n && t("courier.predicted", { at: hour(of.stop.predictedUs) })}
      </p>
      {doing === "looking" && !pickup && <Parcels of={of} />}
      {doing === "looking" && pickup && <p className="card">{t("courier.announced", { count: of.stop.count })}</p>}
      {doing === "looking" && of.state !== "open" && <p className={`notice ${of.state}`}>{t(`courier.stop_state.${of.state}`)}</p>}
      {doing === "looking" && of.state !== "done" && (
        <div className="acts">
          <button
            type="button"
            className={blocked ? "plain" : "main"}
            data-act="good"
            onClick={() => setDoing(pickup ? "pickup" : "deliver")}
          >
            {t(pickup ? "courier.do_pickup" : "courier.do_deliver")}
          </button>
          <button
            type="button"
            className={blocked ? "main warn" : "plain"}
            data-act="bad"
            onClick={() => setDoing(pickup ? "no_pickup" : "fail")}
          >
            {t(pickup ? "courier.do_no_pickup" : "courier.do_fail")}
          </button>
        </div>
      )}
      {doing === "deliver" && <DeliverForm of={of} scanned={query.get("scanned") ?? ""} onDone={done} onBack={back} />}
      {doing === "fail" && <FailForm of={of} onDone={done} onBack={back} />}
      {doing === "pickup" && <PickupForm of={of} onDone={done} onBack={back} />}
      {doing === "no_pickup" && <FailForm of={of} onDone={done} onBack={back} />}
    </section>
  );
}

function Parcels({ of }: { of: Stop }) {
  return (
    <ul className="parcels">
      {of.parcels.map((parcel) => (
        <ParcelCard key={parcel.parcel} parcel={parcel} />
      ))}
    </ul>
  );
}

export function ParcelCard({ parcel }: { parcel: MyParcel }) {
  const { t } = useTranslation();
  return (
    <li className="card parcel" data-parcel={parcel.parcel}>
      <b className="numbers">{parcel.parcel}</b>
      {parcel.intercept && (
        <p className="stop-it" role="alert">
          {t(`courier.intercept.${parcel.intercept}`)}
        </p>
      )}
      {parcel.hold && (
        <p className="stop-it" role="alert">
          {t("courier.held_because", { reason: t(`courier.hold.${parcel.hold}`, { defaultValue: parcel.hold }) })}
        </p>
      )}
      <span className="tags">
        {parcel.codMinor > 0n && (
          <i className="money">{t("courier.cod", { amount: money(parcel.codMinor, parcel.currency, language()) })}</i>
        )}
        {parcel.freightCollectMinor > 0n && (
          <i className="money">{t("courier.freight", { amount: money(parcel.freightCollectMinor, parcel.currency, language()) })}</i>
        )}
        {parcel.insured && <i className="insured">{t("courier.insured")}</i>}
        {parcel.fragile && <i className="fragile">{t("courier.fragile")}</i>}
        {parcel.noLocker && <i>{t("courier.no_locker")}</i>}
        {parcel.state !== "open" && <i className={parcel.state}>{t(`courier.parcel_state.${parcel.state}`)}</i>}
      </span>
      <small>
        {t("courier.needs")}{" "}
        {[...parcel.proofs.map((proof) => t(`courier.proof.${proof}`)), ...(parcel.reweigh ? [t("courier.proof.weight")] : [])].join(
          " + ",
        ) || t("courier.proof.none")}
        {parcel.clause && parcel.clause !== "none" && ` · ${t("courier.clause", { clause: parcel.clause })}`}
      </small>
      {parcel.attempts > 0 && <small>{t("courier.attempts", { count: parcel.attempts, from: hour(parcel.nextFreeUs) || "–" })}</small>}
    </li>
  );
}
