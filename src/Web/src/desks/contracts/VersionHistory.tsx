import { Timeline } from "antd";
import { useTranslation } from "react-i18next";
import { Person } from "../../app/Person";
import { language } from "../../app/texts";
import { day, grouped, minute, money, shortHash } from "../../format/figures";
import type { VersionEvent } from "../../gen/kal/contracts/v1/contracts_pb";

const colours: Record<string, string> = {
  signed: "green",
  approved: "green",
  rejected: "red",
  ended: "gray",
  withdrawn: "gray",
  proposed: "orange",
};

// Who did what to a version, and when: what it gave away, by whose authority, and the hash that was put under.
export function VersionHistory({ events, currency = "CNY" }: { events: VersionEvent[]; currency?: string }) {
  const { t } = useTranslation();
  return (
    <Timeline
      items={events.map((one, index) => ({
        key: index,
        color: colours[one.kind] ?? "blue",
        content: (
          <div data-version-event={one.kind}>
            <b>{t(`version_event.${one.kind}`, { defaultValue: one.kind })}</b>{" "}
            <span className="quiet-text numbers">{minute(one.atUs, language())}</span>
            <div>
              <Person id={one.who} />{" "}
              {one.role && <span className="quiet-text">{t("contract.as_role", { role: t(`role.${one.role}`) })}</span>}
            </div>
            {one.awaiting && <div className="quiet-text">{t("contract.passed_to", { role: t(`role.${one.awaiting}`) })}</div>}
            {one.effectiveUs > 0n && one.kind !== "signed" && (
              <div className="quiet-text numbers">
                {t(one.kind === "ended" ? "contract.ends" : "contract.announced", { at: day(one.effectiveUs) })}
              </div>
            )}
            {one.pricing && one.pricing.parcelsAMonth > 0n && (
              <div className="quiet-text numbers">
                {t("contract.priced", {
                  parcels: grouped(one.pricing.parcelsAMonth, language()),
                  revenue: money(one.pricing.revenueAMonthMinor, currency, language()),
                })}
                {one.pricing.marginPercent && ` · ${t("contract.margin_is", { percent: one.pricing.marginPercent })}`}
              </div>
            )}
            {one.concessions && (
              <div className="quiet-text numbers">
                {t("contract.concedes", {
                  discount: one.concessions.discountPercent || "0",
                  compensation: money(one.concessions.compensationMinor, currency, language()),
                  days: one.concessions.waiverDays,
                })}
                {one.concessions.overGuard && <b className="bad-text"> {t("contract.over_guard")}</b>}
              </div>
            )}
            {one.note && <div className="quiet-text">“{one.note}”</div>}
            {one.hash.length > 0 && one.kind === "signed" && <div className="mono">{shortHash(one.hash)}…</div>}
          </div>
        ),
      }))}
    />
  );
}
