import { Card, Tag } from "antd";
import { useTranslation } from "react-i18next";
import type { SiteView } from "../../gen/kal/contracts/v1/accounts_pb";
import { ActButton, type OnAct } from "./AccountPage";
import { weekBars } from "./week";

const colours = ["#14532d", "#1d4ed8", "#b45309", "#7c3aed", "#0e7490", "#be185d"];

// Where parcels are picked up and when: the week at a glance, each site in its colour.
export function Sites({ sites, onAct }: { sites: SiteView[]; onAct: OnAct }) {
  const { t } = useTranslation();
  const open = sites.filter((site) => !site.closed);
  const { bars, lanes, first, last } = weekBars(open);
  const colour = (code: string) => colours[open.findIndex((site) => site.code === code) % colours.length] ?? "#64748b";
  const hours = Array.from({ length: Math.floor((last - first) / 2) + 1 }, (_, index) => first + index * 2);
  const tall = Math.max(26, lanes * 22 + 4);
  return (
    <Card
      size="small"
      title={t("account.sites")}
      data-card="sites"
      extra={
        <ActButton onAct={onAct} act={{ kind: "site" }}>
          {t("account.site_new")}
        </ActButton>
      }
    >
      {sites.length === 0 ? (
        <p className="nothing">{t("account.no_sites")}</p>
      ) : (
        <>
          {bars.length > 0 && (
            <div className="week" role="img" aria-label={t("account.week")}>
              <div className="week-hours">
                {hours.map((hour) => (
                  <span key={hour} style={{ left: `${((hour - first) / (last - first)) * 100}%` }}>
                    {String(hour).padStart(2, "0")}
                  </span>
                ))}
              </div>
              {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
                <div key={weekday} className={`week-day ${weekday > 5 ? "weekend" : ""}`} style={{ height: tall }}>
                  <span className="week-name">{t(`weekday.${weekday}`)}</span>
                  <div className="week-line">
                    {hours.map((hour) => (
                      <i key={hour} style={{ left: `${((hour - first) / (last - first)) * 100}%` }} />
                    ))}
                    {bars
                      .filter((bar) => bar.day === weekday)
                      .map((bar) => (
                        <span
                          key={bar.site + bar.from}
                          className="week-bar"
                          style={{ left: `${bar.left}%`, width: `${bar.width}%`, top: 2 + bar.lane * 22, background: colour(bar.site) }}
                          title={`${bar.site} ${bar.from}–${bar.until}`}
                        >
                          {bar.width < 14 ? bar.from : `${bar.from}–${bar.until}`}
                        </span>
                      ))}
                  </div>
                </div>
              ))}
            </div>
          )}
          <ul className="plain-list sites">
            {sites.map((site) => (
              <li key={site.code} className={site.closed ? "closed" : ""}>
                <span className="swatch" style={{ background: site.closed ? "#cbd5e1" : colour(site.code) }} />
                <span>
                  <b>{site.name || site.code}</b> <span className="mono">{site.code}</span>{" "}
                  {site.closed && <Tag>{t("account.site_closed")}</Tag>}
                  {site.windows.length === 0 && !site.closed && <Tag color="orange">{t("account.no_windows")}</Tag>}
                  <div className="quiet-text">
                    {[
                      site.address,
                      site.place && t("account.place_is", { place: site.place }),
                      site.depot && t("account.depot_is", { depot: site.depot }),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </div>
                </span>
                <ActButton onAct={onAct} act={{ kind: "site", site }}>
                  {t("account.edit")}
                </ActButton>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
