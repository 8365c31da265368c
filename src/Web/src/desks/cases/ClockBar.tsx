import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { minute, span } from "../../format/figures";
import { clockAt, marks } from "./clocks";
import { clockName } from "./words";

// One clock: what is gone of its time, with the marks at which it is escalated, and what is left in words.
export function ClockBar({
  name,
  startedUs,
  dueUs,
  still,
  pausedUs,
  whose,
  withDue,
}: {
  name: string;
  startedUs: bigint;
  dueUs: bigint;
  still?: "paused" | "stopped" | undefined;
  pausedUs?: bigint;
  whose?: string;
  withDue?: boolean;
}) {
  const { t } = useTranslation();
  const nowUs = BigInt(Date.now()) * 1000n;
  const { percent, tone, leftUs } = clockAt(startedUs, dueUs, nowUs, still, pausedUs);
  const left =
    still === "stopped"
      ? t("clock.stopped")
      : still === "paused"
        ? t("clock.paused", { left: span(0, leftUs, language()) })
        : leftUs >= 0n
          ? t("clock.left", { left: span(0, leftUs, language()) })
          : t("clock.over", { over: span(0, -leftUs, language()) });
  return (
    <div className={`clock ${tone}`} data-clock={name} title={t("clock.due", { at: minute(dueUs, language()) })}>
      <span className="clock-name">
        {clockName(t, name)}
        {whose && <small> · {t(`clock.of_${whose}`, { defaultValue: whose })}</small>}
      </span>
      <span className="clock-bar">
        <i style={{ width: `${percent}%` }} />
        {marks.slice(0, -1).map((mark) => (
          <s key={mark} style={{ left: `${mark}%` }} />
        ))}
      </span>
      <span className="clock-left numbers">
        {left}
        {withDue && still === undefined && <small> · {t("clock.due", { at: minute(dueUs, language()) })}</small>}
      </span>
    </div>
  );
}
