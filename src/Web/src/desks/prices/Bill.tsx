import { Alert, Card } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { language } from "../../app/texts";
import { money, signedMoney } from "../../format/figures";
import type { Charge, RateReply } from "../../gen/kal/contracts/v1/rating_pb";
import { compareCharges } from "./billDiff";
import { readTrace } from "./trace";
import { WeightBar } from "./WeightBar";

// A price as a bill, each line with the clause it comes from; or, as a thing of its own, the reason why there is no price.
export function Bill({ reply }: { reply: RateReply }) {
  const { t } = useTranslation();
  if (reply.answer.case === "refused") return <Refused refused={reply.answer.value} />;
  if (reply.answer.case !== "charge") return null;
  const charged = reply.answer.value;
  const { weighed, zone } = readTrace(charged.trace);
  return (
    <Card size="small" className="bill-card" data-total={String(charged.totalMinor)}>
      <div className="bill-head">
        <span className="bill-total numbers">{money(charged.totalMinor, charged.currency, language())}</span>
        <span className="quiet-text">
          <Link to={`/contracts/${encodeURIComponent(charged.contract)}/${charged.version}`} className="numbers">
            {charged.contract} v{charged.version}
          </Link>
          {zone && <> · {t("price.zone_row", { zone: zone.zone, row: zone.row })}</>}
        </span>
      </div>
      {weighed.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
        <WeightBar key={index} weighed={one} />
      ))}
      <table className="bill">
        <tbody>
          {charged.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a clause may give several lines
            <tr key={index} data-clause={line.clause}>
              <td>
                <ClauseLink charged={charged} clause={line.clause} />
              </td>
              <td>
                <b>{t(`charge_kind.${line.kind}`, { defaultValue: line.kind })}</b>
                <div className="quiet-text">{language() === "zh" ? line.zh : line.en}</div>
              </td>
              <td className="numbers">{money(line.amountMinor, charged.currency, language())}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th />
            <th>{t("price.total")}</th>
            <th className="numbers">{money(charged.totalMinor, charged.currency, language())}</th>
          </tr>
        </tfoot>
      </table>
      {charged.trace && (
        <details className="trace">
          <summary>{t("price.trace")}</summary>
          <p className="quiet-text">{t("price.trace_hint")}</p>
          <pre className="raw">{pretty(charged.trace)}</pre>
        </details>
      )}
    </Card>
  );
}

const billLines = (charge: Charge) =>
  charge.lines.map((line) => ({ clause: line.clause, kind: line.kind, minor: line.amountMinor, textZh: line.zh, textEn: line.en }));

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 1);
  } catch {
    return json;
  }
}

function ClauseLink({ charged, clause }: { charged: Charge; clause: string }) {
  return (
    <Link className="clause-id" to={`/contracts/${encodeURIComponent(charged.contract)}/${charged.version}#${clause}`}>
      {clause}
    </Link>
  );
}

// No price is a state of its own: what is missing, which clause says so, what to do. It never looks like a number.
function Refused({ refused }: { refused: { reason: string; clause: string; zh: string; en: string } }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="no-price"
      data-reason={refused.reason}
      title={t("price.refused")}
      description={
        <>
          <p>{language() === "zh" ? refused.zh : refused.en}</p>
          <p className="quiet-text">
            {refused.clause && t("price.refused_clause", { clause: refused.clause })} <span className="mono">{refused.reason}</span>
          </p>
        </>
      }
    />
  );
}

// The same shipment with one thing changed: what each line becomes.
export function Difference({ first, second, changed }: { first: Charge; second: Charge; changed: string }) {
  const { t } = useTranslation();
  const lines = compareCharges(billLines(first), billLines(second));
  const show = (minor: bigint | undefined) => (minor === undefined ? "–" : money(minor, second.currency, language()));
  const difference = second.totalMinor - first.totalMinor;
  return (
    <Card size="small" data-difference={String(difference)}>
      <table className="bill two">
        <thead>
          <tr>
            <th />
            <th>{t("price.as_asked")}</th>
            <th>{changed}</th>
            <th>{t("case.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key} className={line.difference === 0n ? "same" : ""}>
              <td>
                <ClauseLink charged={second} clause={line.clause} /> {t(`charge_kind.${line.kind}`, { defaultValue: line.kind })}
                {line.difference !== 0n && <div className="quiet-text">{language() === "zh" ? line.textZh : line.textEn}</div>}
              </td>
              <td className="numbers">{show(line.first)}</td>
              <td className="numbers">{show(line.second)}</td>
              <td className="numbers">{line.difference === 0n ? "" : signedMoney(line.difference, second.currency, language())}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th>{t("price.total")}</th>
            <th className="numbers">{show(first.totalMinor)}</th>
            <th className="numbers">{show(second.totalMinor)}</th>
            <th className={`numbers ${difference > 0n ? "bad-text" : difference < 0n ? "good-text" : ""}`}>
              {signedMoney(difference, second.currency, language())}
            </th>
          </tr>
        </tfoot>
      </table>
    </Card>
  );
}
