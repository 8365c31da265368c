import { Card } from "antd";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { grouped } from "../../format/figures";
import type { Scorecard } from "../../gen/kal/levels/v1/scorecards_pb";
import { Behind } from "./Pieces";
import { type At, behindPath, gateName } from "./words";

// Where the way loses its time: each kind of gate is charged with its own steps, whatever was lost or gained before it. The slowest come first.
export function GateSteps({ at, card }: { at: At; card: Scorecard }) {
  const { t } = useTranslation();
  const spoken = language();
  if (card.gates.length === 0) return null;
  const share = (one: { inTime: bigint; passed: bigint }) => Number((one.inTime * 10_000n) / one.passed) / 100;
  const rows = [...card.gates].sort((a, b) => share(a) - share(b) || a.gate.localeCompare(b.gate));
  return (
    <Card size="small" title={t("levels.gates")} data-card="gates">
      <p className="quiet-text">{t("levels.gates_mean")}</p>
      <ul className="plain-list">
        {rows.map((one) => (
          <li key={one.gate} data-gate={one.gate}>
            <b>{gateName(t, one.gate)}</b>
            <span className="numbers">
              {t("levels.gate_in_time", { share: share(one).toFixed(2), passed: grouped(one.passed, spoken) })}
            </span>
            <Behind
              to={behindPath(at, `gate.${one.gate}`, "missed")}
              label={`${gateName(t, one.gate)}, ${t("levels.which.missed")} ${one.passed - one.inTime}`}
              kind={`gate.${one.gate}`}
            >
              {t("levels.gate_late", { n: grouped(one.passed - one.inTime, spoken) })}
            </Behind>
            {one.inDoubt > 0n && <span className="quiet">{t("levels.gate_in_doubt", { n: grouped(one.inDoubt, spoken) })}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
