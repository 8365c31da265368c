import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { language } from "../../app/texts";
import { day as dayOf, instant, money } from "../../format/figures";
import type { Stop } from "./round";
import { useWork } from "./useCourier";

export const hour = (us: bigint) => (us === 0n ? "" : instant(us, language(), false).slice(0, 5));

// A promise ends with its day at 24:00; one of another day says which.
export function dueBy(us: bigint, today: string): string {
  const on = dayOf(us - 1n);
  const at = hour(us) === "00:00" ? "24:00" : hour(us);
  return on === today ? at : `${on.slice(5)} ${at}`;
}

// The run in its order: the next door on top, what is done below.
export function RunPage() {
  const { t } = useTranslation();
  const { day, stops, truth, vehicleTold } = useWork();
  const open = stops.filter((one) => one.state === "open");
  const rest = stops.filter((one) => one.state !== "open");
  const notReleased = day.sheets.filter((sheet) => sheet.state === "drawn");
  return (
    <section data-page="run">
      <div className="summary">
        <b className="numbers">
          {rest.length} / {stops.length}
        </b>{" "}
        {t("courier.stops_done")}
        <progress max={Math.max(1, stops.length)} value={rest.length} aria-label={t("courier.stops_done")} />
        <small>
          {day.day} · {day.depot} ·{" "}
          {day.sheets.map((sheet) => `${sheet.number} ${t(`courier.sheet.${sheet.state}`)}`).join(t("list.comma"))}
        </small>
      </div>
      {day.vehicleStanding !== "good" && day.vehicle && !vehicleTold && (
        <Link to="/courier/vehicle" className="notice warn">
          {t(`courier.vehicle_standing.${day.vehicleStanding}`, { vehicle: day.vehicle })}
        </Link>
      )}
      {notReleased.length > 0 && (
        <p className="notice warn">{t("courier.not_released", { number: notReleased.map((sheet) => sheet.number).join(" ") })}</p>
      )}
      {truth.refused.length > 0 && (
        <Link to="/courier/queue" className="notice bad" role="alert">
          {t("courier.refused_notice", { count: truth.refused.length })}
        </Link>
      )}
      {stops.length === 0 && <p className="notice">{t("courier.no_stops")}</p>}
      <ol className="stops">
        {open.map((one, at) => (
          <StopCard key={one.stop.stop} of={one} next={at === 0} />
        ))}
      </ol>
      {rest.length > 0 && <h2>{t("courier.done_stops")}</h2>}
      <ol className="stops over">
        {rest.map((one) => (
          <StopCard key={one.stop.stop} of={one} next={false} />
        ))}
      </ol>
    </section>
  );
}

function StopCard({ of, next }: { of: Stop; next: boolean }) {
  const { t } = useTranslation();
  const { day } = useWork();
  const { stop, parcels, state } = of;
  const sum = parcels.reduce((all, parcel) => all + parcel.codMinor + parcel.freightCollectMinor, 0n);
  const currency = parcels.find((parcel) => parcel.currency)?.currency ?? "";
  return (
    <li>
      <Link
        to={`/courier/stop/${encodeURIComponent(stop.stop)}`}
        className={`card stop ${state} ${next ? "next" : ""}`}
        data-stop={stop.stop}
        data-state={state}
      >
        <span className="when numbers">
          {hour(stop.predictedUs)}
          {stop.promisedUs > 0n && <small>≤ {dueBy(stop.promisedUs, day.day)}</small>}
        </span>
        <span className="where">
          <b>{stop.kind === "pickup" ? `${t("courier.pickup")} ${stop.account} ${stop.site}` : stop.address || stop.stop}</b>
          <small>{stop.kind === "pickup" ? `${hour(stop.fromUs)}–${hour(stop.untilUs)}` : `${stop.name} ${stop.phone}`}</small>
          <span className="tags">
            <i>{t("courier.parcels", { count: stop.kind === "pickup" ? stop.count : parcels.length })}</i>
            {sum > 0n && <i className="money numbers">{money(sum, currency, language())}</i>}
            {parcels.some((parcel) => parcel.insured) && <i className="insured">{t("courier.insured")}</i>}
            {parcels.some((parcel) => parcel.fragile) && <i className="fragile">{t("courier.fragile")}</i>}
            {parcels.some((parcel) => parcel.intercept) && <i className="stop-it">{t("courier.intercepted")}</i>}
            {parcels.some((parcel) => parcel.hold) && <i className="stop-it">{t("courier.held")}</i>}
            {state !== "open" && <i className={state}>{t(`courier.stop_state.${state}`)}</i>}
          </span>
        </span>
      </Link>
    </li>
  );
}
