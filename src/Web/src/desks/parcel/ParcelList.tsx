import { Alert, Button, Checkbox, Input, Table, Tag } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { faultText } from "../../app/faults";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { instant } from "../../format/figures";
import type { ParcelSummary } from "../../gen/kal/custody/v1/custody_pb";
import { parcels } from "./client";
import { custodianWord, exceptionsWord, reasonWord, stateWord } from "./words";

export function ParcelList() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [rows, setRows] = useState<ParcelSummary[]>();
  const [next, setNext] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const text = query.get("text") ?? "";
  const held = query.get("held") === "1";
  const odd = query.get("odd") === "1";
  useTitle(t("parcels.title"));

  const load = useCallback(
    async (token: string) => {
      setBusy(true);
      setProblem("");
      try {
        const page = await parcels.find({ text, heldOnly: held, exceptionsOnly: odd, pageSize: 50, pageToken: token });
        setRows((old) => (token ? [...(old ?? []), ...page.parcels] : page.parcels));
        setNext(page.nextPageToken);
      } catch (error) {
        setProblem(faultText(t, error));
      } finally {
        setBusy(false);
      }
    },
    [text, held, odd, t],
  );
  useEffect(() => void load(""), [load]);

  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(query);
    if (value) changed.set(name, value);
    else changed.delete(name);
    setQuery(changed, { replace: true });
  };
  const nothing = t(text ? "parcels.none" : held ? "parcels.none_held" : odd ? "parcels.none_odd" : "parcels.none_yet");

  return (
    <>
      <h1 className="desk-title">{t("parcels.title")}</h1>
      <div className="toolbar">
        <Input.Search
          allowClear
          autoFocus
          size="large"
          enterButton={t("parcels.go")}
          aria-label={t("parcels.search")}
          placeholder={t("parcels.search")}
          defaultValue={text}
          className="search"
          onSearch={(value) => (value.trim().length >= 12 ? go(`/parcels/${encodeURIComponent(value.trim())}`) : set("text", value.trim()))}
        />
        <Checkbox checked={held} onChange={(event) => set("held", event.target.checked ? "1" : "")}>
          {t("parcels.held_only")}
        </Checkbox>
        <Checkbox checked={odd} onChange={(event) => set("odd", event.target.checked ? "1" : "")}>
          {t("parcels.exceptions_only")}
        </Checkbox>
        <Button onClick={() => void load("")}>{t("parcels.refresh")}</Button>
      </div>
      {problem && <Alert type="error" showIcon title={problem} role="alert" />}
      {!problem && (
        <Table<ParcelSummary>
          rowKey="parcel"
          size="middle"
          loading={busy && !rows}
          dataSource={rows ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <p className="nothing">{rows ? nothing : "…"}</p> }}
          columns={[
            {
              title: t("parcels.code"),
              dataIndex: "parcel",
              render: (code: string) => (
                <Link className="numbers" to={`/parcels/${encodeURIComponent(code)}`}>
                  {code}
                </Link>
              ),
            },
            {
              title: t("parcels.state"),
              render: (_, row) => (
                <span className="states">
                  {stateWord(t, row)}
                  {row.held && <Tag color="red">{t("parcels.held", { reason: reasonWord(t, row.holdReason) || t("reason.none") })}</Tag>}
                  {row.exceptions > 0 && <Tag color="orange">{exceptionsWord(t, row.exceptions)}</Tag>}
                </span>
              ),
            },
            { title: t("parcels.account"), render: (_, row) => row.account || "–" },
            { title: t("parcels.custodian"), responsive: ["md"], render: (_, row) => custodianWord(t, row) },
            { title: t("parcels.destination"), responsive: ["md"], render: (_, row) => row.destination || "–" },
            { title: t("parcels.last"), render: (_, row) => <span className="numbers">{instant(row.lastEventAtUs, language())}</span> },
          ]}
        />
      )}
      {next && (
        <Button style={{ marginTop: 12 }} loading={busy} onClick={() => void load(next)}>
          {t("parcels.more")}
        </Button>
      )}
    </>
  );
}
