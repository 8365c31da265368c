import { Alert, Table } from "antd";
import type { TFunction } from "i18next";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { TariffCurves } from "../../gen/kal/contracts/v1/price_curves_pb";
import { type Fields, fields, isFields, list, type PriceRow, priceRows, text, zoneRows } from "./document";
import { PlaceTable } from "./PlaceTable";

const PriceChart = lazy(() => import("./PriceChart"));

// A tariff: the prices by zone as a table, the price by weight as a picture, and the zones to look a place up in.
export function TariffView({
  clause,
  currency,
  curves,
  problem,
}: {
  clause: Fields;
  currency: string;
  curves: TariffCurves | undefined;
  problem: string;
}) {
  const { t } = useTranslation();
  const rows = priceRows(clause);
  const zones = zoneRows(clause);
  const divisors = list(fields(clause.volumetric).lanes).filter(isFields);
  return (
    <>
      <div className="tariff">
        <PriceTable rows={rows} currency={currency} />
        {curves && (
          <Suspense fallback={<div className="chart" />}>
            <PriceChart curves={curves} currency={currency} />
          </Suspense>
        )}
        {problem && <Alert type="info" title={problem} />}
      </div>
      {zones.rows.length > 0 && (
        <PlaceTable
          title={t(`contract.zones_by_${zones.by}`)}
          rows={zones.rows.map((row) => ({ from: row.from, to: row.to, last: row.zone }))}
          last={t("contract.zone")}
        />
      )}
      {divisors.length > 0 && (
        <PlaceTable
          title={t("contract.divisors")}
          rows={divisors.map((row) => ({ from: text(row.from) || "*", to: text(row.to) || "*", last: text(row.divisor) }))}
          last={t("contract.divisor")}
        />
      )}
      {zones.by === "given" && <p className="quiet-text">{t("contract.zones_by_given")}</p>}
    </>
  );
}

const zoneKey = (row: PriceRow) => row.zones.join(", ");

function PriceTable({ rows, currency }: { rows: PriceRow[]; currency: string }) {
  const { t } = useTranslation();
  const firsts = rows.filter((row) => row.part === "first");
  const furthers = rows.filter((row) => row.part === "further");
  const one = (all: (string | undefined)[]) => new Set(all).size <= 1;
  // First and further alone, alike for all zones: a line a zone.
  const plain = rows.length === firsts.length + furthers.length && one(firsts.map((row) => row.to)) && one(furthers.map((row) => row.step));
  const zone = (row: PriceRow) => zoneKey(row) || t("contract.any_zone");
  if (plain && firsts.length > 0)
    return (
      <Table
        size="small"
        className="price-table"
        rowKey={zoneKey}
        pagination={false}
        dataSource={firsts}
        columns={[
          { title: t("contract.zone"), render: (_, row) => <b>{zone(row)}</b> },
          {
            title: t("price_part.first", { to: firsts[0]?.to }),
            align: "right",
            render: (_, row) => <span className="numbers">{row.price}</span>,
          },
          {
            title: furthers[0] ? t("price_part.further", { step: furthers[0].step }) : t("contract.nothing_heavier"),
            align: "right",
            render: (_, row) => <span className="numbers">{furthers.find((other) => zoneKey(other) === zoneKey(row))?.price ?? "–"}</span>,
          },
        ]}
        footer={() => <span className="quiet-text">{t("contract.in_currency", { currency })}</span>}
      />
    );
  return (
    <Table
      size="small"
      className="price-table"
      rowKey={(row) => `${zoneKey(row)} ${row.part} ${row.to} ${row.from}`}
      pagination={false}
      dataSource={rows}
      columns={[
        {
          title: t("contract.zone"),
          render: (_, row) => <b>{zone(row)}</b>,
          onCell: (row, index) => {
            const same = rows.filter((other) => zoneKey(other) === zoneKey(row)).length;
            return { rowSpan: index === 0 || zoneKey(rows[(index ?? 0) - 1] ?? row) !== zoneKey(row) || index === undefined ? same : 0 };
          },
        },
        { title: t("contract.for_what"), render: (_, row) => <span className="numbers">{part(t, row)}</span> },
        { title: t("contract.price"), align: "right", render: (_, row) => <span className="numbers">{figure(t, row)}</span> },
      ]}
      footer={() => <span className="quiet-text">{t("contract.in_currency", { currency })}</span>}
    />
  );
}

function part(t: TFunction, row: PriceRow): string {
  switch (row.part) {
    case "tier":
      return t(row.to ? (row.from ? "price_part.tier" : "price_part.tier_first") : "price_part.tier_open", { ...row });
    case "bracket":
      return row.from ? t("price_part.bracket", { from: row.from, to: row.to }) : t("price_part.bracket_first", { to: row.to });
    case "open_bracket":
      return row.from ? t("price_part.bracket_open", { from: row.from }) : t("price_part.any_weight");
    default:
      return t(`price_part.${row.part}`, { to: row.to, step: row.step });
  }
}

function figure(t: TFunction, row: PriceRow): string {
  return (
    [
      row.price,
      row.perKg && t("price_part.per_kg", { price: row.perKg }),
      row.perStep && t("price_part.per_step", { price: row.perStep, step: row.step }),
    ]
      .filter(Boolean)
      .join(" + ") || "0"
  );
}
