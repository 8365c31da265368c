import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { day } from "../../format/figures";
import type { VersionSummary } from "../../gen/kal/contracts/v1/contracts_pb";
import { bands } from "./bands";

// The versions of a contract in time: which held when, which holds today, what comes.
export function VersionBand({ versions, shown, nowMs }: { versions: VersionSummary[]; shown: number; nowMs: number }) {
  const { t } = useTranslation();
  const { rows, nowAt, years } = bands(versions, nowMs);
  return (
    <nav className="version-band" aria-label={t("contract.versions")}>
      <div className="band-years">
        {years.map((year) => (
          <span key={year.label} style={{ left: `${year.left}%` }}>
            {year.label}
          </span>
        ))}
      </div>
      {rows.map(({ version, left, width, openEnd, openStart }) => (
        <div className="band-row" key={version.version}>
          <Link
            to={`/contracts/${encodeURIComponent(version.contract)}/${version.version}`}
            className={`band ${version.state} ${version.version === shown ? "shown" : ""} ${openEnd ? "open-end" : ""} ${openStart ? "open-start" : ""}`}
            style={{ left: `${left}%`, width: `${width}%` }}
            aria-current={version.version === shown ? "page" : undefined}
            title={`v${version.version} · ${day(version.effectiveFromUs)} – ${day(version.effectiveUntilUs)}`}
          >
            <b>v{version.version}</b> {t(`version_state.${version.state}`, { defaultValue: version.state })}
          </Link>
        </div>
      ))}
      <i className="band-now" style={{ left: `${nowAt}%` }} title={t("contract.today")} />
    </nav>
  );
}
