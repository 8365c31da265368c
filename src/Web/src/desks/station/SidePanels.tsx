import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { instant, kilograms, money, span } from "../../format/figures";
import { LineResult } from "../../gen/kal/custody/v1/events_pb";
import type { DeviceHealth } from "../../gen/kal/edge/v1/devices_pb";
import type { HandoverProgress, Judged, LastScan, Link, LiveWeight } from "../../gen/kal/edge/v1/station_pb";
import { Trace } from "./Trace";

export function WeightPanel({ weight, lost }: { weight: LiveWeight | undefined; lost: boolean }) {
  const { t } = useTranslation();
  const state = lost ? "stale" : weight?.state || "none";
  const shown = weight && ["moving", "settling", "stable", "zero", "negative"].includes(state);
  return (
    <section className={`panel weight weight-${state}`}>
      <h2>{t("station.weight")}</h2>
      <div className="weight-figure">
        {shown ? kilograms(weight.massMg) : "– – –"}
        <small> kg</small>
      </div>
      <div className="weight-state">
        <span className="dot" /> {t(`weight.${state}`)}
        {weight?.needsZero && !lost && <strong className="needs-zero"> {t("weight.needs_zero")}</strong>}
      </div>
      <Trace grams={weight?.traceG ?? []} />
    </section>
  );
}

export function ScanPanel({ scan }: { scan: LastScan | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="panel scan">
      <h2>{t("station.last_scan")}</h2>
      <div className="scan-text">{scan?.text || "–"}</div>
      {scan && (
        <div className="muted">
          {t(`scan.${scan.kind}`, { defaultValue: scan.kind })} · {instant(scan.atUs, language(), false)}
          {scan.repeated ? ` · ${t("scan.repeated")}` : ""}
        </div>
      )}
    </section>
  );
}

export function RecentPanel({ recent }: { recent: Judged[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel recent">
      <h2>{t("station.recent")}</h2>
      <ol>
        {recent.map((one) => (
          <li key={`${one.parcel}-${one.atUs}`} className={`tone-text-${one.tone}`}>
            <span className="dot" />
            <span className="recent-parcel">{one.parcel || t("station.no_code")}</span>
            <span className="recent-mass">{one.massMg ? kilograms(one.massMg) : ""}</span>
            <span className="recent-word">{t(`headline.${one.headline}`, { defaultValue: one.headline })}</span>
          </li>
        ))}
        {recent.length === 0 && <li className="muted">{t("station.nothing_yet")}</li>}
      </ol>
    </section>
  );
}

export function HealthBar({ devices, link, nowUs }: { devices: DeviceHealth[]; link: Link | undefined; nowUs: bigint }) {
  const { t } = useTranslation();
  return (
    <div className="health">
      {devices.map((one) => (
        <span key={one.device} className={`pill pill-${one.state}`} title={one.reason}>
          {t(`device.${one.kind}`, { defaultValue: one.kind })}: {t(`device.${one.state}`, { defaultValue: one.state })}
          {one.state !== "live" && one.sinceUs > 0n ? ` ${span(one.sinceUs, nowUs)}` : ""}
        </span>
      ))}
      {link && (
        <span className={`pill pill-${link.state === "connected" ? "live" : "lost"}`} title={link.reason}>
          {t(`link.${link.state}`, { defaultValue: link.state })}
          {link.unsent > 0n
            ? ` · ${t("link.unsent", { count: Number(link.unsent), since: instant(link.oldestUnsentUs, language(), false) })}`
            : ""}
        </span>
      )}
    </div>
  );
}

export function HandoverPanel({ handover }: { handover: HandoverProgress }) {
  const { t } = useTranslation();
  const spoken = language();
  const open = handover.lines.filter((line) => line.result === LineResult.UNSPECIFIED || line.missing.length > 0);
  return (
    <section className="panel handover" data-state={handover.state}>
      <h2>
        {t(`handover.kind.${handover.kind}`)} · {t(`handover.state.${handover.state}`, { defaultValue: handover.state })}
      </h2>
      <div className="muted">
        {handover.giverName || handover.giver?.id} → {handover.receiverName || handover.receiver?.id}
      </div>
      <div className="handover-counts">
        <span>
          <b>{handover.accepted}</b>/{handover.expected} {t("handover.accepted")}
        </span>
        <span className={handover.outstanding ? "tone-text-warn" : ""}>
          <b>{handover.outstanding}</b> {t("handover.outstanding")}
        </span>
        <span className={handover.excepted ? "tone-text-stop" : ""}>
          <b>{handover.excepted}</b> {t("handover.excepted")}
        </span>
      </div>
      {(handover.codMinor > 0n || handover.freightCollectMinor > 0n) && (
        <div className="handover-money">
          {t("tag.cod", { amount: money(handover.codMinor, handover.currency, spoken) })} ·{" "}
          {t("tag.freight_collect", { amount: money(handover.freightCollectMinor, handover.currency, spoken) })}
        </div>
      )}
      <ol className="handover-lines">
        {open.slice(0, 8).map((line) => (
          <li key={line.parcel}>
            <span>{line.parcel}</span>
            <span className="muted">
              {line.missing.map((check) => t(`check.${check}`, { defaultValue: check })).join(" · ") || t("handover.not_seen")}
            </span>
          </li>
        ))}
        {open.length > 8 && <li className="muted">{t("handover.more", { count: open.length - 8 })}</li>}
      </ol>
    </section>
  );
}
