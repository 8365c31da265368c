import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { instant, kilograms, span } from "../../format/figures";
import type { DeviceHealth } from "../../gen/kal/edge/v1/devices_pb";
import type { Counts, Judged, LastScan, Link, LiveWeight } from "../../gen/kal/edge/v1/station_pb";
import { Icon } from "./Icons";
import { Trace } from "./Trace";

const numbered = ["moving", "settling", "stable", "zero", "negative"];

export function WeightPanel({ weight, lost }: { weight: LiveWeight | undefined; lost: boolean }) {
  const { t } = useTranslation();
  const state = lost ? "stale" : weight?.state || "none";
  const shown = weight && numbered.includes(state);
  return (
    <section className={`panel weight weight-${state}`} data-weight={state}>
      <h2>{t("station.weight")}</h2>
      <div className="weight-figure">
        {shown ? kilograms(weight.massMg) : "– – –"}
        <small> kg</small>
      </div>
      <div className="weight-state">
        <span className="dot" /> {t(`weight.${state}`)}
      </div>
      <div className="needs-zero">{weight?.needsZero && !lost && state !== "none" ? t("weight.needs_zero") : ""}</div>
      <Trace grams={lost ? [] : (weight?.traceG ?? [])} />
    </section>
  );
}

export function ScanPanel({ scan }: { scan: LastScan | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="panel scan">
      <h2>{t("station.last_scan")}</h2>
      <div className="scan-text">{scan?.text || "–"}</div>
      <div className="muted">
        {scan
          ? [
              t(`scan.${scan.kind}`, { defaultValue: t("scan.foreign") }),
              instant(scan.atUs, language(), false),
              scan.repeated && t("scan.repeated"),
            ]
              .filter(Boolean)
              .join(" · ")
          : t("station.nothing_yet")}
      </div>
    </section>
  );
}

export function RecentPanel({ recent, today, quiet }: { recent: Judged[]; today: Counts | undefined; quiet: boolean }) {
  const { t } = useTranslation();
  return (
    <section className="panel recent">
      <h2>{t("station.recent")}</h2>
      <div className="counts">
        {t("station.today", { judged: today?.judged ?? 0, held: today?.held ?? 0, warned: today?.warned ?? 0, typed: today?.typed ?? 0 })}
        {quiet && ` · ${t("station.quiet")}`}
      </div>
      <ol>
        {recent.map((one) => (
          <li key={`${one.parcel}-${one.atUs}`} className={`tone-text-${one.tone}`}>
            <Icon tone={one.tone} />
            <span className="recent-parcel">{one.parcel || t("station.no_code")}</span>
            <span className="recent-mass">{one.massMg ? `${kilograms(one.massMg)} kg` : ""}</span>
            <span className="recent-word">
              {t(`headline.${one.headline}`, { defaultValue: t("headline.other") })}
              {one.typed && one.headline !== "typed" && ` · ${t("tag.typed")}`}
            </span>
          </li>
        ))}
        {recent.length === 0 && <li className="muted">{t("station.nothing_yet")}</li>}
      </ol>
    </section>
  );
}

const sign: Record<string, string> = { live: "✓", opening: "…", silent: "!", garbled: "!", absent: "✕", lost: "✕" };

export function HealthBar({ devices, link, nowUs }: { devices: DeviceHealth[]; link: Link | undefined; nowUs: bigint }) {
  const { t } = useTranslation();
  return (
    <div className="health">
      {devices.map((one) => (
        <span key={one.device} className={`pill pill-${one.state}`} data-device={one.kind} data-state={one.state}>
          <b aria-hidden="true">{sign[one.state] ?? "!"}</b> {t(`device.${one.kind}`, { defaultValue: one.kind })}{" "}
          {t(`device.${one.state}`, { defaultValue: one.state })}
          {one.state !== "live" && one.sinceUs > 0n ? ` ${span(one.sinceUs, nowUs, language())}` : ""}
        </span>
      ))}
      {link && (
        <span className={`pill pill-${link.state === "connected" ? "live" : "silent"}`} data-link={link.state}>
          <b aria-hidden="true">{link.state === "connected" ? "✓" : "!"}</b> {t(`link.${link.state}`, { defaultValue: t("link.offline") })}
          {link.unsent > 0n && ` · ${t("link.unsent", { count: Number(link.unsent) })}`}
        </span>
      )}
    </div>
  );
}
