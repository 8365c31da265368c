import { Button, Card } from "antd";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import type { ClaimFigures } from "../../gen/kal/cases/v1/history_pb";
import { amountText } from "./words";

// What is claimed, what was insured, and what the rule makes of it, in words: both sides read the same.
export function ClaimCard({ claim, onAssess }: { claim: ClaimFigures; onAssess: (() => void) | undefined }) {
  const { t } = useTranslation();
  const of = (minor: bigint) => money(minor, claim.currency, language());
  const rows: [string, string, string][] = [
    ["kind", t("case.claim_kind"), t(`case_reason.${claim.lossKind}`, { defaultValue: claim.lossKind })],
    ["worth", t("case.claim_worth_is"), of(claim.worthMinor)],
    ["loss", t("case.claim_loss_is"), of(claim.lossMinor)],
    ["insured", t("case.claim_insured"), claim.insured ? of(claim.insuredMinor) : t("case.claim_uninsured")],
    ["proof", t("case.claim_proof"), claim.proof],
    ["payable", t("case.claim_payable"), amountText(t, claim.payable)],
  ];
  return (
    <Card
      size="small"
      title={t("case.claim_title")}
      data-card="claim"
      extra={
        onAssess && (
          <Button size="small" onClick={onAssess} data-act="assess">
            {t("case_step.assess")}
          </Button>
        )
      }
    >
      <table className="claim-figures">
        <tbody>
          {rows.map(([row, name, value]) => (
            <tr key={row} data-row={row}>
              <th scope="row">{name}</th>
              <td className="numbers">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet-text" data-rule={claim.rule}>
        {t(`claim_rule.${claim.rule}`, {
          defaultValue: claim.rule,
          insured: of(claim.insuredMinor),
          worth: of(claim.worthMinor),
          loss: of(claim.lossMinor),
          granted: of(claim.grantedMinor),
        })}
      </p>
    </Card>
  );
}
