import { Alert, Button, Form, Input, Table, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { usePages } from "../../app/load";
import { Person } from "../../app/Person";
import { isClient, may } from "../../app/rights";
import { currentCaller } from "../../app/session";
import { language } from "../../app/texts";
import { officeZone, useZone } from "../../app/zone";
import { instantOf, localOf } from "../../format/entry";
import { grouped, minute } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { Declared } from "../../gen/kal/levels/v1/scorecards_pb";
import { scorecards } from "./client";
import { labelled, useTableScroll } from "./Pieces";

type Act = "ask" | "confirm" | "withdraw";

const stateOf = (one: Declared) => (one.withdrawnUs !== 0n ? "withdrawn" : one.confirmedUs !== 0n ? "confirmed" : "asked");
const colours = { asked: "gold", confirmed: "green", withdrawn: "default" };

// Force majeure by region and period: one person declares, another confirms; late parcels that were on their way there and then are left out, and counted again when it is withdrawn.
export function DeclaredList() {
  const { t } = useTranslation();
  const scroll = useTableScroll();
  const spoken = language();
  const [act, setAct] = useState<{ act: Act; of?: Declared }>();
  useZone();
  const list = usePages("declared", async () => ({ rows: (await scorecards.listDeclared({ pageSize: 200 })).declared, next: "" }));
  const mayAct = may(Permission.SCORE_EXCLUDE) && !isClient();
  const close = () => setAct(undefined);
  const done = () => {
    close();
    list.again();
  };
  const when = (one: Declared) => `${minute(one.fromUs, spoken)} – ${minute(one.untilUs, spoken)}`;
  return (
    <>
      <div className="title-row">
        <p className="quiet-text">{t("levels.declared_hint")}</p>
        {mayAct && (
          <Button type="primary" onClick={() => setAct({ act: "ask" })} data-act="declare">
            {t("levels.declare")}
          </Button>
        )}
      </div>
      {list.problem && <Alert type="warning" showIcon role="alert" title={list.problem} style={{ marginBottom: 12 }} />}
      <Table<Declared>
        className="stack"
        rowKey="id"
        size="middle"
        loading={list.busy && !list.rows}
        dataSource={list.rows ?? []}
        pagination={false}
        scroll={scroll}
        onRow={(row) => ({ "data-declared": row.id, "data-state": stateOf(row) }) as object}
        locale={{ emptyText: <p className="nothing">{list.rows ? t("levels.none_declared") : "…"}</p> }}
        columns={[
          {
            title: t("levels.declared_when"),
            render: (_, row) => (
              <span className="two-lines">
                <b className="numbers">{minute(row.fromUs, spoken)}</b>
                <b className="numbers">– {minute(row.untilUs, spoken)}</b>
                <small className="mono">{row.id}</small>
              </span>
            ),
          },
          {
            title: t("levels.declared_regions"),
            onCell: labelled(t("levels.declared_regions")),
            render: (_, row) => row.regions.map((region) => <Tag key={region}>{region}</Tag>),
          },
          { title: t("levels.declared_why"), onCell: labelled(t("levels.declared_why")), render: (_, row) => row.why },
          {
            title: t("levels.declared_state"),
            onCell: labelled(t("levels.declared_state")),
            render: (_, row) => (
              <span className="two-lines">
                <span>
                  <Tag color={colours[stateOf(row)]}>{t(`levels.declared_is.${stateOf(row)}`)}</Tag>
                </span>
                <By what="asked" who={row.askedBy} atUs={row.askedUs} />
                <By what="confirmed" who={row.confirmedBy} atUs={row.confirmedUs} />
                <By what="withdrawn" who={row.withdrawnBy} atUs={row.withdrawnUs} />
              </span>
            ),
          },
          ...(isClient()
            ? []
            : [
                {
                  title: t("levels.declared_parcels"),
                  align: "right" as const,
                  onCell: labelled(t("levels.declared_parcels")),
                  render: (_: unknown, row: Declared) => <span className="numbers">{grouped(row.parcels, spoken)}</span>,
                },
              ]),
          ...(mayAct
            ? [
                {
                  title: "",
                  render: (_: unknown, row: Declared) => (
                    <span className="acts-cell">
                      {stateOf(row) === "asked" && row.askedBy !== currentCaller()?.id && (
                        <Button size="small" type="primary" onClick={() => setAct({ act: "confirm", of: row })} data-act="confirm">
                          {t("levels.declare_confirm")}
                        </Button>
                      )}{" "}
                      {stateOf(row) !== "withdrawn" && (
                        <Button size="small" danger onClick={() => setAct({ act: "withdraw", of: row })} data-act="withdraw">
                          {t("levels.declare_withdraw")}
                        </Button>
                      )}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {act?.act === "ask" && <Declare onDone={done} onClose={close} />}
      {act?.of && (
        <FormDialog
          title={t(`levels.declare_${act.act}`)}
          ok={t(`levels.declare_${act.act}`)}
          danger={act.act === "withdraw"}
          run={async (_, commandId) => {
            await scorecards.declare({ commandId, act: act.act, id: act.of?.id ?? "" });
            return undefined;
          }}
          onDone={done}
          onClose={close}
        >
          <p>
            <b>{act.of.why}</b>
          </p>
          <p className="numbers">
            {act.of.regions.join(", ")} · {when(act.of)}
          </p>
          <p className="quiet-text">{t(`levels.declare_${act.act}_hint`)}</p>
        </FormDialog>
      )}
    </>
  );
}

function By({ what, who, atUs }: { what: "asked" | "confirmed" | "withdrawn"; who: string; atUs: bigint }) {
  const { t } = useTranslation();
  if (atUs === 0n) return null;
  return (
    <small className="numbers">
      {t(`levels.declared_by.${what}`)} {who && <Person id={who} />} {minute(atUs, language())}
    </small>
  );
}

interface Values {
  regions: string;
  from: string;
  until: string;
  why: string;
}

function Declare({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const now = localOf(BigInt(Date.now()) * 1000n, officeZone);
  const isTime = {
    validator: (_: unknown, text: string) =>
      instantOf(text ?? "", officeZone) ? Promise.resolve() : Promise.reject(new Error(t("sign_in.needed"))),
  };
  return (
    <FormDialog<Values>
      title={t("levels.declare")}
      ok={t("levels.declare")}
      initial={{ from: `${now.slice(0, 10)}T00:00`, until: `${now.slice(0, 10)}T23:59` }}
      fields={{ until_us: "until", from_us: "from" }}
      run={async ({ regions, from, until, why }, commandId) => {
        await scorecards.declare({
          commandId,
          act: "ask",
          regions: regions.split(/[\s,，;；]+/).filter(Boolean),
          fromUs: instantOf(from, officeZone) ?? 0n,
          untilUs: instantOf(until, officeZone) ?? 0n,
          why: why.trim(),
        });
        return undefined;
      }}
      onDone={onDone}
      onClose={onClose}
    >
      <p className="quiet-text">{t("levels.declare_ask_hint")}</p>
      <Form.Item
        name="regions"
        label={t("levels.declared_regions")}
        extra={t("levels.declared_regions_hint")}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input autoFocus maxLength={400} />
      </Form.Item>
      <Form.Item name="from" label={t("levels.declared_from")} rules={[isTime]}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="until" label={t("levels.declared_until")} rules={[isTime]}>
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item
        name="why"
        label={t("levels.declared_why")}
        extra={t("levels.declared_why_hint")}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input.TextArea rows={3} maxLength={200} />
      </Form.Item>
    </FormDialog>
  );
}
