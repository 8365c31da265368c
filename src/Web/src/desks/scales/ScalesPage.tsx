import { createClient } from "@connectrpc/connect";
import { Alert, Button, Input, Modal, Table, Tag } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { faultText } from "../../app/faults";
import { currentCaller, desk } from "../../app/session";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { grams, instant, kilograms, signedGrams } from "../../format/figures";
import type { ScaleBias } from "../../gen/kal/custody/v1/events_pb";
import { Scales, type ScaleView } from "../../gen/kal/custody/v1/scales_pb";
import { BiasBar } from "./BiasBar";

const scales = createClient(Scales, desk);
const colours: Record<string, string> = { trusted: "green", check_asked: "orange", check_failed: "red", quarantined: "red" };
type Act = { scale: ScaleView; release: boolean };

// Every scale of the depots one may see: is it believed, and what do the parcels that were weighed twice say of it.
export function ScalesPage() {
  const { t } = useTranslation();
  const [rows, setRows] = useState<ScaleView[]>();
  const [next, setNext] = useState("");
  const [problem, setProblem] = useState("");
  const [act, setAct] = useState<Act>();
  useTitle(t("scales.title"));
  const mayAct = currentCaller()?.roles.some((role) => role === "StationHead" || role === "Administrator") ?? false;

  const load = useCallback(
    async (token: string) => {
      setProblem("");
      try {
        const page = await scales.list({ pageSize: 100, pageToken: token });
        setRows((old) => (token ? [...(old ?? []), ...page.scales] : page.scales));
        setNext(page.nextPageToken);
      } catch (error) {
        setProblem(faultText(t, error));
      }
    },
    [t],
  );
  useEffect(() => void load(""), [load]);

  return (
    <>
      <h1 className="desk-title">{t("scales.title")}</h1>
      <div className="toolbar">
        <Button onClick={() => void load("")}>{t("parcels.refresh")}</Button>
      </div>
      {problem && <Alert type="error" showIcon title={problem} role="alert" />}
      {!problem && (
        <Table<ScaleView>
          rowKey={(row) => `${row.depot}/${row.device}`}
          size="middle"
          loading={!rows}
          dataSource={rows ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <p className="nothing">{rows ? t("scales.none") : "…"}</p> }}
          columns={[
            {
              title: t("scales.scale"),
              render: (_, row) => (
                <>
                  <strong>
                    {row.depot} · {row.device}
                  </strong>
                  {row.registered && (
                    <div className="quiet-text numbers">
                      {t("scales.registered", {
                        class: row.registered.accuracyClass,
                        max: kilograms(row.registered.capacityMg, 0),
                        e: grams(row.registered.intervalMg),
                        serial: row.registered.serial || "–",
                      })}
                    </div>
                  )}
                </>
              ),
            },
            {
              title: t("scales.standing"),
              render: (_, row) => (
                <span data-standing={row.standing} data-scale={row.device}>
                  <Tag color={colours[row.standing]}>{t(`scales.${row.standing}`)}</Tag>
                  {row.standing === "quarantined" && (
                    <div className="quiet-text">{t("scales.since", { at: instant(row.quarantinedAtUs, language()) })}</div>
                  )}
                </span>
              ),
            },
            {
              title: t("scales.last_check"),
              render: (_, row) =>
                row.checkedAtUs === 0n ? (
                  <span className="quiet-text">{t("scales.never")}</span>
                ) : (
                  <span className="numbers">
                    {instant(row.checkedAtUs, language())} {t(row.lastCheck?.passed ? "scales.passed" : "scales.failed")}
                    {row.lastCheck?.steps.map((step) => (
                      <div className="quiet-text" key={String(step.nominalMg)}>
                        {kilograms(step.nominalMg)} kg: {signedGrams(step.shownMg - step.nominalMg)} g
                      </div>
                    ))}
                  </span>
                ),
            },
            { title: t("scales.bias"), render: (_, row) => <Bias row={row} /> },
            {
              title: t("scales.held"),
              responsive: ["lg"],
              render: (_, row) => (
                <span className="numbers">
                  {row.heldParcels.slice(0, 5).map((code) => (
                    <div key={code}>
                      <Link to={`/parcels/${encodeURIComponent(code)}`}>{code}</Link>
                    </div>
                  ))}
                  {row.heldParcels.length > 5 && t("scales.more_held", { count: row.heldParcels.length - 5 })}
                </span>
              ),
            },
            {
              title: "",
              render: (_, row) =>
                mayAct && (
                  <Button
                    size="small"
                    danger={row.standing !== "quarantined"}
                    onClick={() => setAct({ scale: row, release: row.standing === "quarantined" })}
                  >
                    {t(row.standing === "quarantined" ? "scales.release" : "scales.quarantine")}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {next && (
        <Button style={{ marginTop: 12 }} onClick={() => void load(next)}>
          {t("parcels.more")}
        </Button>
      )}
      {act && (
        <ReasonDialog
          act={act}
          onDone={() => {
            setAct(undefined);
            void load("");
          }}
          onClose={() => setAct(undefined)}
        />
      )}
    </>
  );
}

function Bias({ row }: { row: ScaleView }) {
  const { t } = useTranslation();
  // In quarantine the figures that put it there stand: it is no longer estimated.
  const bias: ScaleBias | undefined = row.standing === "quarantined" ? (row.doubt ?? row.bias) : row.bias;
  if (!bias) return <span className="quiet-text">{t(row.standing === "quarantined" ? "scales.by_hand" : "scales.too_few")}</span>;
  return (
    <>
      <BiasBar bias={bias} />
      <div className="quiet-text numbers">
        {t("scales.bias_figures", { error: signedGrams(bias.errorMg), at: kilograms(bias.atMg, 1), limit: grams(bias.limitMg) })}
        <br />
        {t("scales.bias_from", { parcels: bias.parcels, scales: bias.scales })}
      </div>
    </>
  );
}

function ReasonDialog({ act, onDone, onClose }: { act: Act; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  // One act, however often it is sent.
  const [commandId] = useState(() => crypto.getRandomValues(new Uint8Array(16)));
  const send = async () => {
    setBusy(true);
    setProblem("");
    try {
      const command = { commandId, depot: act.scale.depot, device: act.scale.device, reason: reason.trim() };
      await (act.release ? scales.release(command) : scales.quarantine(command));
      onDone();
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t(act.release ? "scales.release_title" : "scales.quarantine_title", { scale: `${act.scale.depot} · ${act.scale.device}` })}
      okText={t(act.release ? "scales.release" : "scales.quarantine")}
      cancelText={t("act.close")}
      okButtonProps={{ disabled: !reason.trim(), loading: busy }}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <p>{t(act.release ? "scales.release_hint" : "scales.quarantine_hint")}</p>
      <Input
        autoFocus
        value={reason}
        maxLength={100}
        placeholder={t("scales.reason")}
        aria-label={t("scales.reason")}
        onChange={(event) => setReason(event.target.value)}
      />
      {problem && <Alert style={{ marginTop: 12 }} type="error" showIcon title={problem} role="alert" />}
    </Modal>
  );
}
