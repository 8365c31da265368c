import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { datedRows, type Fields, fields, heldOn, text, texts } from "./document";

const tone = { before: "gold", now: "green", after: "default" } as const;

// A surcharge by date: whether it holds today, and of a dated table which row does.
export function SurchargeView({ clause, today }: { clause: Fields; today: string }) {
  const { t } = useTranslation();
  const rows = datedRows(clause, today);
  const held = heldOn(clause, today);
  const highest = Math.max(1, ...rows.map((row) => Number(row.percent)));
  const places = texts(fields(clause.remote).places);
  return (
    <div className="surcharge">
      {(text(clause.from) || text(clause.until)) && (
        <Tag color={tone[held]} className="numbers">
          {text(clause.from) || "…"} – {text(clause.until) || "…"} · {t(`contract.holds_${held}`)}
        </Tag>
      )}
      {places.length > 0 && <p className="mono">{places.join("  ")}</p>}
      {rows.length > 0 && (
        <div className="dated" role="img" aria-label={t("contract.dated")}>
          {rows.map((row) => (
            <div key={row.from} className={`dated-row ${row.now ? "now" : row.past ? "past" : ""}`}>
              <span className="numbers">{row.from}</span>
              <span className="dated-bar">
                <i style={{ width: `${(Number(row.percent) / highest) * 100}%` }} />
              </span>
              <b className="numbers">{row.percent} %</b>
              {row.now && <Tag color="green">{t("contract.today")}</Tag>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
