import { Table } from "antd";
import { useTranslation } from "react-i18next";
import { type Fields, fields, isFields, list, text } from "./document";

// Insured values: what a declared value costs, ordinary and fragile side by side.
export function InsuranceTable({ clause }: { clause: Fields }) {
  const { t } = useTranslation();
  const ordinary = list(clause.ordinary).filter(isFields);
  const fragile = list(clause.fragile).filter(isFields);
  const ends = [...new Set([...ordinary, ...fragile].map((row) => text(row.to)))].sort((a, b) =>
    a === "" ? 1 : b === "" ? -1 : Number(a) - Number(b),
  );
  const price = (rows: Fields[], to: string) => {
    const row = rows.find((one) => to === "" || text(one.to) === "" || Number(text(one.to)) >= Number(to));
    if (!row || (to === "" && text(row.to) !== "")) return rows.at(-1) && to === "" ? said(rows.at(-1) as Fields) : "–";
    return said(row);
  };
  const said = (row: Fields) => {
    const zero = (value: string) => /^0?(\.0*)?$/.test(value) || /^0(\.0*)?$/.test(value);
    return (
      [zero(text(row.price)) ? "" : text(row.price), zero(text(row.per_mille)) ? "" : `${text(row.per_mille)} ‰`]
        .filter(Boolean)
        .join(" + ") || "0"
    );
  };
  return (
    <Table
      size="small"
      className="price-table narrow"
      pagination={false}
      rowKey={(row) => row.to || "open"}
      dataSource={ends.map((to) => ({ to }))}
      columns={[
        {
          title: t("contract.declared_value"),
          render: (_, row) => (
            <span className="numbers">
              {row.to ? `≤ ${row.to}` : text(clause.maximum) ? `≤ ${text(clause.maximum)}` : t("contract.above")}
            </span>
          ),
        },
        { title: t("contract.ordinary"), align: "right", render: (_, row) => <span className="numbers">{price(ordinary, row.to)}</span> },
        ...(fragile.length > 0
          ? [
              {
                title: t("contract.fragile"),
                align: "right" as const,
                render: (_: unknown, row: { to: string }) => <span className="numbers">{price(fragile, row.to)}</span>,
              },
            ]
          : []),
      ]}
    />
  );
}

export function RebateTiers({ clause }: { clause: Fields }) {
  const { t } = useTranslation();
  const tiers = list(clause.tiers).filter(isFields);
  const highest = Math.max(1, ...tiers.map((tier) => Number(text(tier.percent))));
  return (
    <div className="dated">
      {tiers.map((tier) => (
        <div key={text(tier.from)} className="dated-row">
          <span className="numbers">{t("contract.from_volume", { from: text(tier.from) })}</span>
          <span className="dated-bar">
            <i style={{ width: `${(Number(text(tier.percent)) / highest) * 100}%` }} />
          </span>
          <b className="numbers">{text(tier.percent)} %</b>
        </div>
      ))}
    </div>
  );
}

const dimensionColours: Record<string, string> = { T: "#14532d", Q: "#1d4ed8", C: "#b45309", S: "#7c3aed", O: "#0e7490" };

// The five dimensions by weight: what the service is scored on (SEED-03-TQCSO).
export function ServiceWeights({ clause }: { clause: Fields }) {
  const { t } = useTranslation();
  return (
    <div className="tqcso" role="img" aria-label={t("contract.weights")}>
      {Object.entries(fields(clause.weights)).map(([letter, weight]) => (
        <span
          key={letter}
          style={{ flexGrow: Number(text(weight)), background: dimensionColours[letter] ?? "#475569" }}
          title={t(`dimension.${letter}`)}
        >
          <b>
            {letter} {text(weight)}
          </b>
          <small>{t(`dimension.${letter}`, { defaultValue: letter })}</small>
        </span>
      ))}
    </div>
  );
}

export function WeightTolerance({ clause }: { clause: Fields }) {
  const { t } = useTranslation();
  if (!text(clause.dispute_by)) return null;
  return (
    <ol className="gates">
      <li className="gate end">
        <b>{t("dispute.shown")}</b>
        <span className="quiet-text">{t("dispute.shown_hint")}</span>
      </li>
      <li className="gate">
        <b>{t(`dispute.by_${text(clause.dispute_by)}`)}</b>
        <span className="numbers">{text(clause.within)}</span>
      </li>
      <li className="gate end">
        <b>{t("dispute.silence")}</b>
        <span>{t(`dispute.else_${text(clause.else)}`)}</span>
      </li>
    </ol>
  );
}
