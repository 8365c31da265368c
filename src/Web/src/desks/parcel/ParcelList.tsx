import { ConnectError } from "@connectrpc/connect";
import { Alert, Button, Checkbox, Input, Table, Tag } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { language } from "../../app/texts";
import { instant } from "../../format/figures";
import type { ParcelSummary } from "../../gen/kal/custody/v1/custody_pb";
import { parcels } from "./client";

export function ParcelList() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [rows, setRows] = useState<ParcelSummary[]>([]);
  const [next, setNext] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const text = query.get("text") ?? "";
  const held = query.get("held") === "1";
  const odd = query.get("odd") === "1";

  const load = useCallback(
    async (token: string) => {
      setBusy(true);
      setProblem("");
      try {
        const page = await parcels.find({ text, heldOnly: held, exceptionsOnly: odd, pageSize: 50, pageToken: token });
        setRows((old) => (token ? [...old, ...page.parcels] : page.parcels));
        setNext(page.nextPageToken);
      } catch (error) {
        setProblem(error instanceof ConnectError ? error.rawMessage : t("app.unreachable"));
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

  return (
    <>
      <div className="toolbar">
        <Input.Search
          allowClear
          autoFocus
          placeholder={t("parcels.search")}
          defaultValue={text}
          style={{ width: 360 }}
          onSearch={(value) => (value.trim().length >= 12 ? go(`/parcels/${encodeURIComponent(value.trim())}`) : set("text", value.trim()))}
        />
        <Checkbox checked={held} onChange={(event) => set("held", event.target.checked ? "1" : "")}>
          {t("parcels.held_only")}
        </Checkbox>
        <Checkbox checked={odd} onChange={(event) => set("odd", event.target.checked ? "1" : "")}>
          {t("parcels.exceptions_only")}
        </Checkbox>
        <Button onClick={() => void load("")}>{t("app.again")}</Button>
      </div>
      {problem && <Alert type="error" showIcon title={problem} />}
      <Table<ParcelSummary>
        rowKey="parcel"
        size="middle"
        loading={busy}
        dataSource={rows}
        pagination={false}
        locale={{ emptyText: t("parcels.none") }}
        columns={[
          {
            title: t("parcels.code"),
            dataIndex: "parcel",
            render: (code: string) => <Link to={`/parcels/${encodeURIComponent(code)}`}>{code}</Link>,
          },
          { title: t("parcels.account"), dataIndex: "account" },
          {
            title: t("parcels.state"),
            render: (_, row) => (
              <>
                {t(`state.${row.state}`, { defaultValue: row.state })}{" "}
                {row.held && (
                  <Tag color="red">{t("parcels.held", { reason: t(`reason.${row.holdReason}`, { defaultValue: row.holdReason }) })}</Tag>
                )}
                {row.exceptions > 0 && <Tag color="orange">{t("parcels.exceptions", { count: row.exceptions })}</Tag>}
              </>
            ),
          },
          {
            title: t("parcels.custodian"),
            render: (_, row) =>
              [t(`party.${row.custodianKind}`, { defaultValue: row.custodianKind }), row.custodian].filter(Boolean).join(" "),
          },
          { title: t("parcels.destination"), dataIndex: "destination" },
          { title: t("parcels.last"), render: (_, row) => <span className="numbers">{instant(row.lastEventAtUs, language())}</span> },
        ]}
      />
      {next && (
        <Button style={{ marginTop: 12 }} loading={busy} onClick={() => void load(next)}>
          {t("parcels.more")}
        </Button>
      )}
    </>
  );
}
