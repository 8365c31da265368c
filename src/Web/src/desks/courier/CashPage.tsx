import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import { cashOf } from "./round";
import { useWork } from "./useCourier";

// The evening: the cash that should be in hand, and the parcels that go back. Counted at the depot, by two.
export function CashPage() {
  const { t } = useTranslation();
  const { day, askedMs, facts, stops, truth } = useWork();
  const cash = [...cashOf(day, askedMs, facts)];
  const back = stops.flatMap((one) => one.parcels.filter((parcel) => parcel.state !== "delivered" && parcel.state !== "at_pickup_point"));
  return (
    <section data-page="cash">
      <h1>{t("courier.cash_title")}</h1>
      {cash.length === 0 && <p className="card amount">{t("courier.no_cash")}</p>}
      {cash.map(([currency, minor]) => (
        <p key={currency} className="card amount numbers" data-cash={minor.toString()}>
          {money(minor, currency, language())}
        </p>
      ))}
      <p className="quiet">{t("courier.cash_hint")}</p>
      {truth.waiting > 0 && <p className="notice warn">{t("courier.cash_waiting", { count: truth.waiting })}</p>}
      <h2>{t("courier.back_title", { count: back.length })}</h2>
      {back.length === 0 ? (
        <p className="notice done">{t("courier.nothing_back")}</p>
      ) : (
        <ul className="queue">
          {back.map((parcel) => (
            <li key={parcel.parcel}>
              <span className="numbers">{parcel.parcel}</span>
              <i>{t(`courier.parcel_state.${parcel.state}`)}</i>
            </li>
          ))}
        </ul>
      )}
      <h2>{t("courier.sheets_title")}</h2>
      {day.sheets.map((sheet) => (
        <p key={sheet.number} className="card">
          <b className="numbers">{sheet.number}</b> {t(`courier.sheet.${sheet.state}`)}
          <br />
          {t("courier.parcels", { count: sheet.parcels })}
          {sheet.currency && ` · ${money(sheet.codMinor + sheet.freightCollectMinor, sheet.currency, language())}`}
        </p>
      ))}
    </section>
  );
}
