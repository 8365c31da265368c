import { Alert, Button, Select, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { FormDialog } from "../../app/FormDialog";
import { useLoad } from "../../app/load";
import { nonce } from "../../app/nonce";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { SheetView } from "../../gen/kal/dispatch/v1/sheets_pb";
import { CashLine } from "./CashLine";
import { runSheets } from "./client";
import { type DayModel, nameIn } from "./dayModel";
import { useAct } from "./useAct";
import { clock } from "./words";

const keptMs = 60_000;
const stateColours: Record<string, string> = { drawn: "blue", released: "green", closed: "default" };

// Opens what the server printed. A page of ours inherits our policy, so its style needs our nonce.
function openPrinted(html: string, mediaType: string): boolean {
  const page = html.replace("<style>", `<style nonce="${nonce}">`);
  const address = URL.createObjectURL(new Blob([page], { type: mediaType || "text/html;charset=utf-8" }));
  const opened = window.open(address, "_blank");
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
  return opened !== null;
}

// The run sheets of the day: what each courier takes along, drawn up and printed here; released and closed at the handover.
export function SheetTab({ model, onChanged }: { model: DayModel; onChanged: () => void }) {
  const { t } = useTranslation();
  const { depot, day } = model.view;
  const [drawing, setDrawing] = useState("");
  const [courier, setCourier] = useState<string>();
  const act = useAct();
  const list = useLoad(`${depot}|${day}`, () => runSheets.list({ depot, day }));
  const print = (number: string) =>
    act.run(`print ${number}`, async () => {
      const page = await runSheets.print({ number, language: language() });
      if (!openPrinted(new TextDecoder().decode(page.content), page.mediaType))
        return { code: "window_blocked", message: t("refused.window_blocked"), field: "" };
      return undefined;
    });
  const working = model.view.runs.filter((run) => run.visits.length > 0);
  return (
    <>
      {may(Permission.RUN_SHEET_ACT) && (
        <div className="toolbar">
          <Select
            value={courier ?? null}
            style={{ minWidth: 240 }}
            placeholder={t("dispatch.whose_sheet")}
            aria-label={t("dispatch.whose_sheet")}
            onChange={setCourier}
            options={working.map((run) => ({
              value: run.courier,
              label: `${nameIn(model, run.courier)} · ${t(`dispatch.stops`, { count: run.visits.length })}${run.sheet ? ` · ${run.sheet}` : ""}`,
            }))}
          />
          <Button disabled={!courier} data-act="draw-up" onClick={() => courier && setDrawing(courier)}>
            {t("dispatch.draw_up")}
          </Button>
        </div>
      )}
      {(list.problem || act.problem) && <Alert type="error" showIcon title={list.problem || act.problem} role="alert" />}
      {!list.problem && <Sheets model={model} rows={list.data?.sheets} busy={act.busy} onPrint={(number) => void print(number)} />}
      {may(Permission.CASH_READ) && <CashLine model={model} />}
      {drawing && (
        <DrawDialog
          model={model}
          courier={drawing}
          onDone={() => {
            setDrawing("");
            list.again();
            onChanged();
          }}
          onClose={() => setDrawing("")}
        />
      )}
    </>
  );
}

function Sheets({
  model,
  rows,
  busy,
  onPrint,
}: {
  model: DayModel;
  rows: SheetView[] | undefined;
  busy: string;
  onPrint: (number: string) => void;
}) {
  const { t } = useTranslation();
  const amount = (minor: bigint, row: SheetView) => <span className="numbers">{minor ? money(minor, row.currency, language()) : "–"}</span>;
  return (
    <Table<SheetView>
      rowKey="number"
      size="small"
      data-card="sheets"
      loading={!rows}
      dataSource={rows ?? []}
      pagination={false}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <p className="nothing">{rows ? t("dispatch.no_sheets") : "…"}</p> }}
      columns={[
        {
          title: t("dispatch.sheet"),
          render: (_, row) => (
            <span className="two-lines">
              <span className="mono">{row.number}</span>
              <small>
                {nameIn(model, row.courier)} · {row.vehicle}
              </small>
            </span>
          ),
        },
        {
          title: t("parcels.state"),
          render: (_, row) => (
            <span className="two-lines">
              <span>
                <Tag color={stateColours[row.state] ?? "default"}>{t(`dispatch.sheet_${row.state}`, { defaultValue: row.state })}</Tag>
              </span>
              <small className="numbers">{clock(row.closedUs || row.releasedUs || row.drawnUs, language())}</small>
            </span>
          ),
        },
        { title: t("dispatch.parcels_word"), align: "right", render: (_, row) => <span className="numbers">{row.parcels}</span> },
        { title: t("parcel.cod"), align: "right", render: (_, row) => amount(row.codMinor, row) },
        { title: t("parcel.freight_collect"), align: "right", render: (_, row) => amount(row.freightCollectMinor, row) },
        {
          title: "",
          render: (_, row) => (
            <Button size="small" data-act="print" loading={busy === `print ${row.number}`} onClick={() => onPrint(row.number)}>
              {t("dispatch.print")}
            </Button>
          ),
        },
      ]}
    />
  );
}

function DrawDialog({ model, courier, onDone, onClose }: { model: DayModel; courier: string; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [about, setAbout] = useState<string[]>([]);
  const { depot, day } = model.view;
  return (
    <FormDialog<object>
      title={t("dispatch.draw_up_title", { name: nameIn(model, courier) })}
      ok={t("dispatch.draw_up")}
      run={async (_, commandId) => {
        const { answer } = await runSheets.drawUp({ commandId, depot, day, courier, parcels: [] });
        if (answer.case !== "refused") return undefined;
        setAbout(answer.value.parcels);
        return { code: answer.value.code, message: answer.value.message, field: "" };
      }}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{t("dispatch.draw_up_means")}</p>
      {about.length > 0 && (
        <p className="parcel-links">
          {about.map((code) => (
            <Link key={code} className="mono" to={`/parcels/${encodeURIComponent(code)}`}>
              {code}
            </Link>
          ))}
        </p>
      )}
    </FormDialog>
  );
}
