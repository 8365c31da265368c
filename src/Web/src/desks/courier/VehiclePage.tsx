import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWork } from "./useCourier";

const groups = ["tyres", "running", "battery", "tools"];

// The look at the vehicle before it goes out (SEED-03-EBIKE): four groups, each found good or not; no passed check, no run.
export function VehiclePage() {
  const { t } = useTranslation();
  const { day, vehicleTold, act } = useWork();
  const [found, setFound] = useState<Record<string, boolean>>({});
  const [problem, setProblem] = useState(false);
  const complete = groups.every((group) => found[group] !== undefined);
  const confirm = () =>
    act((acts) => acts.vehicleChecked(found)).then(
      () => setFound({}),
      () => setProblem(true),
    );
  if (!day.vehicle) return <p className="notice">{t("courier.no_vehicle")}</p>;
  return (
    <section data-page="vehicle">
      <h1>{t("courier.vehicle_title", { vehicle: day.vehicle })}</h1>
      <p className={`notice ${day.vehicleStanding === "good" ? "done" : "warn"}`} role="status">
        {t(vehicleTold ? "courier.vehicle_told" : `courier.vehicle_standing.${day.vehicleStanding}`, { vehicle: day.vehicle })}
        {day.vehicleFailed.length > 0 && `: ${day.vehicleFailed.map((group) => t(`courier.vehicle.${group}`)).join(" · ")}`}
      </p>
      {groups.map((group) => (
        <fieldset key={group} className="check" data-group={group}>
          <legend>{t(`courier.vehicle.${group}`)}</legend>
          <small>{t(`courier.vehicle_points.${group}`)}</small>
          <span className="pair">
            {[true, false].map((good) => (
              <label key={String(good)} className={found[group] === good ? `on ${good ? "good" : "bad"}` : ""}>
                <input type="radio" name={group} checked={found[group] === good} onChange={() => setFound({ ...found, [group]: good })} />
                {t(good ? "courier.found_good" : "courier.found_bad")}
              </label>
            ))}
          </span>
        </fieldset>
      ))}
      {problem && (
        <p className="problem" role="alert">
          {t("courier.not_kept")}
        </p>
      )}
      <button type="button" className="main" disabled={!complete} onClick={() => void confirm()} data-act="confirm">
        {t("courier.vehicle_confirm")}
      </button>
    </section>
  );
}
