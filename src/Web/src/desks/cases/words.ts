import type { TFunction } from "i18next";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import type { Amount, Charge } from "../../gen/kal/cases/v1/history_pb";

// An amount, or in words why there is none: never a zero.
export const amountText = (t: TFunction, amount: Amount | undefined) =>
  amount?.known
    ? money(amount.minor, amount.currency, language())
    : t(`not_known.${(amount?.unknown || "not_rated").toLowerCase()}`, {
        defaultValue: t("not_known.because", { reason: amount?.unknown ?? "" }),
      });

export const chargeText = (t: TFunction, charge: Charge | undefined) =>
  charge?.rated ? money(charge.minor, charge.currency, language()) : notRated(t, charge);

export const notRated = (t: TFunction, charge: Charge | undefined) =>
  (language() === "zh" ? charge?.textZh : charge?.textEn) ||
  t(`not_known.${(charge?.notRated || "not_rated").toLowerCase()}`, {
    defaultValue: t("not_known.because", { reason: charge?.notRated ?? "" }),
  });

// What an outcome gives: money that is paid, or what is given up otherwise.
const paid = ["pay", "pay_other", "compensation", "refund_freight", "credit"];
export const givesText = (t: TFunction, outcome: string, amount: Amount | undefined) =>
  t(paid.includes(outcome) ? "case.pays" : "case.gives", { amount: amountText(t, amount) });

// Promises have clocks of their own: promise-1, promise-2.
export const clockName = (t: TFunction, clock: string) => {
  const promise = /^promise-(\d+)$/.exec(clock);
  return promise ? t("clock_name.promise", { number: promise[1] }) : t(`clock_name.${clock}`, { defaultValue: clock });
};

export const stateColour: Record<string, string> = { open: "gold", proposed: "blue", closed: "green" };
