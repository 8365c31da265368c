import { Input, Table } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { placeFits } from "./document";

export interface PlaceRow {
  from: string;
  to: string;
  last: string;
}

// A table of lanes: type a place, and what concerns it stands.
export function PlaceTable({ title, rows, last }: { title: string; rows: PlaceRow[]; last: string }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const found = rows.filter((row) => placeFits(row.from, from.trim()) && placeFits(row.to, to.trim()));
  const place = (pattern: string) =>
    pattern === "*" ? <span className="quiet-text">{t("contract.anywhere")}</span> : <span className="numbers">{pattern}</span>;
  return (
    <div className="places">
      <div className="toolbar">
        <b>{title}</b>
        {rows.length > 4 && (
          <>
            <Input
              size="small"
              allowClear
              style={{ width: 130 }}
              placeholder={t("contract.from_place")}
              aria-label={t("contract.from_place")}
              value={from}
              onChange={(event) => setFrom(event.target.value)}
            />
            →
            <Input
              size="small"
              allowClear
              style={{ width: 130 }}
              placeholder={t("contract.to_place")}
              aria-label={t("contract.to_place")}
              value={to}
              onChange={(event) => setTo(event.target.value)}
            />
            <span className="quiet-text numbers">{t("contract.rows_found", { found: found.length, all: rows.length })}</span>
          </>
        )}
      </div>
      <Table
        size="small"
        rowKey={(row) => `${row.from}>${row.to}`}
        dataSource={found}
        pagination={found.length > 12 ? { pageSize: 12, size: "small", showSizeChanger: false } : false}
        locale={{ emptyText: t("contract.no_lane") }}
        columns={[
          { title: t("contract.from_place"), render: (_, row) => place(row.from) },
          { title: t("contract.to_place"), render: (_, row) => place(row.to) },
          { title: last, render: (_, row) => <b className="numbers">{row.last}</b> },
        ]}
      />
      <p className="quiet-text">{t("contract.most_specific")}</p>
    </div>
  );
}
