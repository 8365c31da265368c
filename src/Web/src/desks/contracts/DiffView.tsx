import { Alert, Select, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router-dom";
import { useLoad } from "../../app/load";
import { Answered } from "../../app/Pieces";
import { language } from "../../app/texts";
import type { VersionSummary } from "../../gen/kal/contracts/v1/contracts_pb";
import { contracts } from "./client";

const kindColour: Record<string, string> = { added: "green", removed: "red", changed: "blue" };

// Any two versions in words: what is new, gone or different, and where a price rises.
export default function DiffView({ contract, versions, shown }: { contract: string; versions: VersionSummary[]; shown: number }) {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const numbers = versions.map((one) => one.version).sort((a, b) => a - b);
  const to = Number(query.get("to")) || (shown > (numbers[0] ?? 0) ? shown : (numbers[1] ?? shown));
  const from = Number(query.get("from")) || (numbers.filter((one) => one < to).at(-1) ?? numbers[0] ?? 0);
  const diff = useLoad(`${contract} ${from} ${to}`, () => contracts.diff({ contract, from, to }));
  const options = numbers.map((one) => ({
    value: one,
    label: `v${one} · ${t(`version_state.${versions.find((v) => v.version === one)?.state}`)}`,
  }));
  const set = (name: string, value: number) =>
    setQuery({ tab: "diff", from: String(from), to: String(to), [name]: String(value) }, { replace: true });
  return (
    <>
      <div className="toolbar">
        <Select value={from} options={options} onChange={(value) => set("from", value)} aria-label={t("contract.diff_from")} />
        <span>→</span>
        <Select value={to} options={options} onChange={(value) => set("to", value)} aria-label={t("contract.diff_to")} />
      </div>
      <Answered of={diff}>
        {(data) => (
          <div className="diff">
            {data.raisesAPrice && (
              <Alert
                type="warning"
                showIcon
                title={t("contract.raises", { clauses: data.raised.map((one) => one.clause).join(t("list.comma")) })}
                description={
                  <ul className="plain-list tight">
                    {data.raised.map((one) => (
                      <li key={one.clause + one.en}>
                        <b className="numbers">{one.clause}</b> {language() === "zh" ? one.zh : one.en}
                      </li>
                    ))}
                  </ul>
                }
              />
            )}
            {data.changes.length === 0 && <p className="nothing">{t("contract.same")}</p>}
            {data.changes.map((change) => (
              <div key={`${change.clause} ${change.kind} ${change.en}`} className={`diff-row ${change.kind}`} data-clause={change.clause}>
                <span className="diff-clause">
                  <Link to={`/contracts/${encodeURIComponent(contract)}/${change.kind === "removed" ? from : to}#${change.clause}`}>
                    {change.clause || t("contract.contract")}
                  </Link>
                  <Tag color={kindColour[change.kind]}>{t(`contract.${change.kind}`, { defaultValue: change.kind })}</Tag>
                  {data.raised.some((one) => one.clause === change.clause) && <Tag color="red">↑ {t("contract.price_rises")}</Tag>}
                </span>
                <span>{language() === "zh" ? change.zh : change.en}</span>
              </div>
            ))}
          </div>
        )}
      </Answered>
    </>
  );
}
