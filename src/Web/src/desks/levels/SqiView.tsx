import { Alert, Card } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLoad } from "../../app/load";
import "./sqi.css";
import { Answered } from "../../app/Pieces";
import { language } from "../../app/texts";
import { day as dayText, grouped } from "../../format/figures";
import type { SqiDay, SqiReply } from "../../gen/kal/levels/v1/scorecards_pb";
import { scorecards } from "./client";
import { compare, fixed, thousands, trimmed } from "./decimal";
import { limitsOf, monthsOf, shadeOf, weeksOf, within } from "./heat";
import { Behind } from "./Pieces";
import { dayName, dayNumber, dayOf, monthBeside, monthDays, monthName } from "./period";
import { behindPath, coded } from "./words";

const weekdays = [1, 2, 3, 4, 5, 6, 7];
// A cell is small: from a hundred on its decimals say nothing.
const perThousand = (text: string) => ((compare(text, "100") ?? -1) >= 0 ? fixed(text, 0) : trimmed(fixed(text, 1)));

// The service quality index, day by day: the month and the two before it, so that a bad week is seen against what is usual.
export function SqiView({ account, month }: { account: string; month: string }) {
  const from = monthDays(monthBeside(month, -2)).from;
  const { to } = monthDays(month);
  const sqi = useLoad(`${account}|${month}`, () => scorecards.sqi({ account, depot: "", lane: "", from, to }));
  return <Answered of={sqi}>{(data) => <Shown account={account} data={data} from={from} to={to} />}</Answered>;
}

function Shown({ account, data, from, to }: { account: string; data: SqiReply; from: string; to: string }) {
  const { t } = useTranslation();
  // Days to come are in the reply too; they are not days without shipments.
  const today = dayText(Date.now() * 1000);
  const past = data.days.filter((day) => day.day <= today);
  const days = new Map(past.map((day) => [day.day, day]));
  // The contract's weights may change: what is weighed otherwise is another series.
  const series = past.filter((day) => day.beginsSeries);
  const limits = limitsOf(past.map((day) => day.perThousand));
  const last = [...past].reverse().find((day) => day.perThousand !== "")?.day ?? "";
  const [chosen, setChosen] = useState(last);
  const shown = days.get(chosen);
  const least = (at: number) => perThousand(limits[at - 1] ?? "0");
  return (
    <>
      <p className="quiet-text" data-profile={data.profile}>
        {t("levels.sqi_profile", { profile: past[0]?.profile || data.profile })} {t("levels.sqi_means")}
      </p>
      {series.map((day) => (
        <p key={day.day} className="quiet-text" data-series={day.day}>
          {t("levels.sqi_series", { day: dayName(day.day, language()), profile: day.profile })}
        </p>
      ))}
      {data.unverified && <Alert type="warning" showIcon title={t("levels.unverified")} style={{ marginBottom: 12 }} data-unverified />}
      {past.every((day) => day.shipments === 0n && day.failures === 0n) ? (
        <p className="nothing">{t("levels.no_sqi")}</p>
      ) : (
        <div className="sqi">
          <Card size="small" title={t("levels.sqi_calendar")}>
            <div className="heat-months">
              {monthsOf(from, to).map((month) => (
                <Month
                  key={month}
                  month={month}
                  range={within(month, from, to)}
                  days={days}
                  limits={limits}
                  chosen={chosen}
                  onChoose={setChosen}
                />
              ))}
            </div>
            <p className="heat-key numbers">
              <span>{t("levels.sqi_unit")}</span>
              {Array.from({ length: limits.length + 1 }, (_, shade) => (
                <span key={shade === 0 ? "least" : least(shade)} className={`heat-sample shade-${shade}`}>
                  {shade === 0 ? (limits.length > 0 ? `< ${least(1)}` : t("levels.all_same")) : `≥ ${least(shade)}`}
                </span>
              ))}
              <span className="heat-sample none">{t("levels.no_shipments")}</span>
              <span>{t("levels.restated_star")}</span>
            </p>
          </Card>
          {shown && <Day account={account} day={shown} days={days} components={data.components} />}
        </div>
      )}
    </>
  );
}

interface MonthProps {
  month: string;
  range: [string, string];
  days: Map<string, SqiDay>;
  limits: string[];
  chosen: string;
  onChoose: (day: string) => void;
}

function Month({ month, range, days, limits, chosen, onChoose }: MonthProps) {
  const { t } = useTranslation();
  const spoken = language();
  return (
    <div className="heat-month">
      <table className="heat">
        <caption>{monthName(month, spoken)}</caption>
        <thead>
          <tr>
            {weekdays.map((weekday) => (
              <th key={weekday} scope="col">
                {t(`levels.weekday.${weekday}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(...range).map((week) => (
            <tr key={week.find(Boolean)}>
              {weekdays.map((weekday) => {
                const day = week[weekday - 1];
                if (!day) return <td key={weekday} />;
                const found = days.get(day);
                const number = Number(day.slice(8));
                if (!found) {
                  return (
                    <td key={day}>
                      <span className="heat-day to-come">{number}</span>
                    </td>
                  );
                }
                const value = found.perThousand ? perThousand(found.perThousand) : "";
                const said = `${dayName(day, spoken)}${t("levels.colon")}${value ? t("levels.sqi_is", { value }) : t("levels.no_shipments")}`;
                return (
                  <td key={day}>
                    <button
                      type="button"
                      className={`heat-day ${value ? `shade-${shadeOf(found.perThousand, limits)}` : "none"}`}
                      aria-pressed={chosen === day}
                      aria-label={said}
                      title={said}
                      data-day={day}
                      onClick={() => onChoose(day)}
                    >
                      <small className="heat-number">{number}</small>
                      <b className="numbers">{value || "–"}</b>
                      {found.firstPoints && found.firstPoints !== found.points && (
                        <i className="heat-star" aria-hidden="true">
                          *
                        </i>
                      )}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Day({ account, day, days, components }: { account: string; day: SqiDay; days: Map<string, SqiDay>; components: string[] }) {
  const { t } = useTranslation();
  const spoken = language();
  const found = Object.entries(day.byComponent).filter(([, count]) => count > 0n);
  found.sort((a, b) => Number(b[1] - a[1]));
  const quiet = components.filter((one) => !found.some(([name]) => name === one));
  const at = { account, month: day.day.slice(0, 7), dimension: "", member: "" };
  const restated = day.firstPoints !== "" && day.firstPoints !== day.points;
  // A sum ends where its series begins, and so does the list behind it.
  const daysBack = (most: number) => {
    let back = 0;
    while (back < most && !days.get(dayOf(dayNumber(day.day) - back))?.beginsSeries) back += 1;
    return back;
  };
  const points = (text: string) => (text ? thousands(trimmed(fixed(text, 2))) : "–");
  // The network's own index has no parcels of one account behind it.
  const behind = (what: string, shown: ReactNode, kind: string, count?: bigint, which = "missed", back = 0) =>
    account ? (
      <Behind
        to={behindPath(at, what, which, day.day, dayOf(dayNumber(day.day) - back))}
        label={`${kind} ${count ?? ""}`}
        kind={`sqi-${kind}`}
        {...(count !== undefined && { count })}
      >
        {shown}
      </Behind>
    ) : (
      <span className="numbers">{shown}</span>
    );
  return (
    <Card size="small" title={dayName(day.day, spoken)} data-card="sqi-day" className="sqi-day">
      <dl className="sqi-figures numbers">
        <dt>{t("levels.per_thousand")}</dt>
        <dd>
          <b>{day.perThousand ? behind("failures", trimmed(fixed(day.perThousand, 3)), "per_thousand") : t("levels.no_shipments")}</b>
        </dd>
        <dt>{t("levels.sqi_points")}</dt>
        <dd>
          {behind("failures", points(day.points), "points")}
          {restated && <small className="restated">{t("levels.first_was", { value: points(day.firstPoints) })}</small>}
          {!day.firstPoints && <small className="quiet">{t("levels.not_published")}</small>}
        </dd>
        <dt>{t("levels.shipments")}</dt>
        <dd>{behind("parcels", grouped(day.shipments, spoken), "shipments", day.shipments, "met")}</dd>
        <dt>{t("levels.failures")}</dt>
        <dd>{behind("failures", grouped(day.failures, spoken), "failures", day.failures)}</dd>
        <dt>{t("levels.sum7")}</dt>
        <dd>{behind("failures", points(day.sum7), "sum7", undefined, "missed", daysBack(6))}</dd>
        <dt>{t("levels.sum28")}</dt>
        <dd>{behind("failures", points(day.sum28), "sum28", undefined, "missed", daysBack(27))}</dd>
      </dl>
      {day.profile && <p className="quiet-text">{t("levels.sqi_by", { profile: day.profile })}</p>}
      <h3>{t("levels.by_component")}</h3>
      {found.length === 0 ? (
        <p className="quiet-text">{t("levels.no_failures")}</p>
      ) : (
        <ul className="plain-list tight components">
          {found.map(([name, count]) => (
            <li key={name}>
              <span>{coded(t, "component", name)}</span>
              {components.includes(name) ? (
                behind(name, grouped(count, spoken), name, count)
              ) : (
                <span className="numbers">{grouped(count, spoken)}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {quiet.length > 0 && (
        <p className="quiet-text">{t("levels.none_of", { what: quiet.map((one) => coded(t, "component", one)).join(t("list.comma")) })}</p>
      )}
    </Card>
  );
}
