import { useTranslation } from "react-i18next";
import { useLoad } from "../../app/load";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import { LedgerAccount } from "../../gen/kal/dispatch/v1/cash_pb";
import { cash } from "./client";
import { type DayModel, nameIn } from "./dayModel";

// What couriers of the depot still carry of other people's money: it keeps their sheets from being closed.
export function CashLine({ model }: { model: DayModel }) {
  const { t } = useTranslation();
  const { depot, plannedUs } = model.view;
  const found = useLoad(`${depot}|${plannedUs}`, async () => {
    const reply = await cash.balances({ ledger: LedgerAccount.COURIER_CASH, pageSize: 500 });
    return reply.balances.filter((one) => one.depot === depot && one.minor !== 0n);
  });
  if (found.problem) return <p className="cash-line bad-text">{found.problem}</p>;
  if (!found.data) return null;
  return (
    <p className="cash-line" data-card="cash">
      <b>{t("dispatch.cash_out")}</b>
      {found.data.length === 0 && <span className="quiet">{t("dispatch.no_cash_out")}</span>}
      {found.data.map((one) => (
        <span key={`${one.owner}|${one.currency}`} className="numbers">
          {nameIn(model, one.owner)} {money(one.minor, one.currency, language())}
        </span>
      ))}
    </p>
  );
}
