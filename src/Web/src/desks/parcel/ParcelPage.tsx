import { Code, ConnectError } from "@connectrpc/connect";
import { Alert, Card, Descriptions, Empty, Spin, Tag, Timeline } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router-dom";
import { faultText } from "../../app/faults";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { grams, instant, kilograms, minute, money, span } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { ParcelLife, TimelineEntry, WeightLink } from "../../gen/kal/custody/v1/custody_pb";
import { VerdictLines } from "../station/VerdictPanel";
import { parcels } from "./client";
import { RawEventDrawer } from "./RawEventDrawer";
import { WeightChain } from "./WeightChain";
import { custodianWord, exceptionsWord, reasonWord, stateWord, useKindWord } from "./words";

export function ParcelPage() {
  const { code = "" } = useParams();
  const { t } = useTranslation();
  const [life, setLife] = useState<ParcelLife>();
  const [problem, setProblem] = useState("");
  const [raw, setRaw] = useState("");
  useTitle(code);
  useEffect(() => {
    let gone = false;
    setLife(undefined);
    setProblem("");
    parcels.get({ code }).then(
      (found) => !gone && setLife(found),
      (error: unknown) => {
        if (gone) return;
        if (error instanceof ConnectError && error.code === Code.NotFound) setProblem(t("parcel.unknown", { code }));
        else setProblem(faultText(t, error));
      },
    );
    return () => {
      gone = true;
    };
  }, [code, t]);
  if (problem) return <Alert type="warning" showIcon role="alert" title={problem} action={<Link to="/parcels">{t("parcel.back")}</Link>} />;
  if (!life) return <Spin />;
  return (
    <>
      <Head life={life} />
      <div className="parcel-grid">
        <div>
          <Card title={t("parcel.timeline")} size="small">
            <Life entries={life.timeline} onRaw={setRaw} />
          </Card>
        </div>
        <div>
          <Card title={t("parcel.weights")} size="small">
            {life.weights.length > 0 ? <WeightChain weights={life.weights} /> : <Empty description={t("parcel.no_weights")} />}
            <Weights weights={life.weights} onRaw={setRaw} />
          </Card>
          <Facts life={life} />
        </div>
      </div>
      {raw && <RawEventDrawer eventId={raw} onClose={() => setRaw("")} />}
    </>
  );
}

function Head({ life }: { life: ParcelLife }) {
  const { t } = useTranslation();
  const one = life.summary;
  if (!one) return null;
  return (
    <>
      <div className="parcel-head">
        <h1>{one.parcel}</h1>
        <Tag color={one.held ? "red" : "green"}>{stateWord(t, one)}</Tag>
        {one.exceptions > 0 && <Tag color="orange">{exceptionsWord(t, one.exceptions)}</Tag>}
        <span>
          {t("parcel.custody")}: <b>{custodianWord(t, one)}</b>
        </span>
      </div>
      {life.holds
        .filter((hold) => hold.releasedAtUs === 0n)
        .map((hold) => (
          <Alert
            key={hold.eventId}
            type="error"
            showIcon
            style={{ marginBottom: 12 }}
            title={t("parcel.held", {
              reason: reasonWord(t, hold.reason) || t("reason.none"),
              place: hold.place || "–",
              since: instant(hold.sinceUs, language()),
              age: span(0, hold.ageMinutes * 60_000_000n, language()),
            })}
          />
        ))}
      {life.exceptions.map((odd) => (
        <Alert
          key={odd.code + odd.eventId}
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(`exception.${odd.code}`, { defaultValue: odd.message })}
        />
      ))}
    </>
  );
}

function Life({ entries, onRaw }: { entries: TimelineEntry[]; onRaw: (eventId: string) => void }) {
  const { t } = useTranslation();
  const kindWord = useKindWord();
  const [open, setOpen] = useState("");
  if (entries.length === 0) return <Empty description={t("parcel.no_events")} />;
  return (
    <Timeline
      items={entries.map((one) => ({
        key: one.eventId,
        color: one.correctedBy ? "gray" : one.kind === 18 || one.outOfOrder ? "red" : one.weight ? "green" : "blue",
        content: (
          <div className="timeline-entry" data-kind={one.kind}>
            <button
              type="button"
              className="entry"
              onClick={() => setOpen(open === one.eventId ? "" : one.eventId)}
              aria-expanded={open === one.eventId}
            >
              <span className="what">{kindWord(one)}</span>
              <span className="when">{instant(one.atUs, language())}</span>
              <div className="more">
                {one.weight && <b className="numbers">{kilograms(one.weight.massMg)} kg </b>}
                {[
                  one.node,
                  one.station,
                  one.device,
                  one.from && one.to
                    ? `${t(`party_kind.${one.from.kind}`)} ${one.from.id} → ${t(`party_kind.${one.to.kind}`)} ${one.to.id}`
                    : "",
                  reasonWord(t, one.reason),
                  reasonWord(t, one.action),
                  one.place,
                  one.reference,
                ]
                  .filter(Boolean)
                  .join(" · ")}
                {one.outOfOrder && <Tag color="red">{t("exception.out_of_order_tag")}</Tag>}
                {one.correctedBy && <Tag>{t("parcel.corrected")}</Tag>}
                {one.weight?.typed && (
                  <Tag color="gold">{t("parcel.typed_because", { reason: reasonWord(t, one.weight.typedReason) })}</Tag>
                )}
              </div>
            </button>
            {open === one.eventId && <Details entry={one} onRaw={onRaw} />}
          </div>
        ),
      }))}
    />
  );
}

function Details({ entry, onRaw }: { entry: TimelineEntry; onRaw: (eventId: string) => void }) {
  const { t } = useTranslation();
  const spoken = language();
  return (
    <>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          {
            key: "o",
            label: t("parcel.occurred"),
            children: entry.occurredAtUs ? instant(entry.occurredAtUs, spoken) : t("parcel.not_said"),
          },
          { key: "c", label: t("parcel.captured"), children: instant(entry.capturedAtUs, spoken) },
          { key: "r", label: t("parcel.received"), children: instant(entry.receivedAtUs, spoken) },
          {
            key: "a",
            label: t("parcel.adjudged"),
            children:
              instant(entry.earliestUs, spoken) === instant(entry.latestUs, spoken)
                ? instant(entry.atUs, spoken)
                : `${instant(entry.atUs, spoken)}${t("list.comma")}${t("parcel.between", { from: instant(entry.earliestUs, spoken, false), to: instant(entry.latestUs, spoken, false) })}`,
          },
          { key: "w", label: t("parcel.by"), children: entry.actor || "–" },
          { key: "s", label: t("raw.source"), children: entry.source },
        ]}
      />
      {entry.weight?.verdict && <VerdictLines verdict={entry.weight.verdict} massMg={entry.weight.massMg} />}
      <button type="button" className="language" onClick={() => onRaw(entry.eventId)} data-raw={entry.eventId}>
        {t("raw.open")}
      </button>
    </>
  );
}

function Weights({ weights, onRaw }: { weights: WeightLink[]; onRaw: (eventId: string) => void }) {
  const { t } = useTranslation();
  return (
    <Descriptions
      size="small"
      column={1}
      items={weights.map((one, index) => ({
        key: one.eventId || String(index),
        label: t(`purpose.${one.purpose}`),
        children: (
          <span className="numbers">
            <b>{kilograms(one.massMg)} kg</b>{" "}
            {one.typed
              ? `· ${one.eventId ? t("parcel.typed_because", { reason: reasonWord(t, one.typedReason) }) : t("parcel.declared_by")}`
              : one.scale
                ? `· ${one.scale.device} ±${grams(one.errorMg)} g · ${t("parcel.frames", { count: one.frames })}`
                : ""}{" "}
            {one.eventId && (
              <button type="button" className="language" onClick={() => onRaw(one.eventId)}>
                {t("raw.bytes")}
              </button>
            )}
          </span>
        ),
      }))}
    />
  );
}

function ContractLink({ contract, version }: { contract: string; version: number }) {
  const { t } = useTranslation();
  const text = t("parcel.contract_version", { contract, version });
  return may(Permission.CONTRACT_READ) ? <Link to={`/contracts/${encodeURIComponent(contract)}/${version}`}>{text}</Link> : text;
}

function Facts({ life }: { life: ParcelLife }) {
  const { t } = useTranslation();
  const spoken = language();
  const one = life.shipment;
  if (!one) return null;
  const rows: [string, ReactNode][] = [
    ["account", one.accountName || one.account],
    ["product", one.product ? t(`product.${one.product}`, { defaultValue: one.product }) : ""],
    ["way", [one.origin, one.destination].filter(Boolean).join(" → ")],
    ["accepted", one.acceptedAtUs ? instant(one.acceptedAtUs, spoken) : ""],
    ["promised", one.promisedByUs ? instant(one.promisedByUs, spoken) : ""],
    ["size", one.lengthMm ? `${one.lengthMm} × ${one.widthMm} × ${one.heightMm} mm` : ""],
    ["declared_value", one.declaredValueMinor ? money(one.declaredValueMinor, one.currency, spoken) : ""],
    ["cod", one.codMinor ? money(one.codMinor, one.currency, spoken) : ""],
    ["freight_collect", one.freightCollectMinor ? money(one.freightCollectMinor, one.currency, spoken) : ""],
    [
      "gates",
      one.gates.length > 0 && (
        <span className="numbers">
          {one.gates.map((gate) => (
            <div key={gate.gate}>
              {t(`gate.${gate.gate}`, { defaultValue: gate.gate })}: {minute(gate.byUs, spoken)}
            </div>
          ))}
        </span>
      ),
    ],
    ["contract", one.contract && <ContractLink contract={one.contract} version={one.contractVersion} />],
    ["sender", [life.personal?.senderName, life.personal?.senderPhone].filter(Boolean).join(" ")],
    ["consignee", [life.personal?.consigneeName, life.personal?.consigneePhone, life.personal?.consigneeAddress].filter(Boolean).join(" ")],
  ];
  return (
    <Card title={t("parcel.shipment")} size="small">
      {!one.registered && <Alert type="warning" showIcon title={t("parcel.unregistered")} />}
      <Descriptions
        size="small"
        column={1}
        items={rows.filter(([, value]) => value).map(([name, value]) => ({ key: name, label: t(`parcel.${name}`), children: value }))}
      />
      {may(Permission.RATE) && one.registered && (
        <Link to={`/prices?waybill=${encodeURIComponent(life.summary?.parcel ?? one.waybill)}`}>{t("parcel.price")}</Link>
      )}
      {life.personal?.consigneeName && <p className="quiet-text">{t("parcel.masked")}</p>}
    </Card>
  );
}
