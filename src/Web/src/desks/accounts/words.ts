import type { Language } from "../../app/texts";
import { daysUntil } from "../../format/figures";
import type { AccountSummary } from "../../gen/kal/contracts/v1/accounts_pb";

export const accountName = (one: { nameZh: string; nameEn: string; account: string }, language: Language) =>
  (language === "zh" ? one.nameZh || one.nameEn : one.nameEn || one.nameZh) || one.account;

export type Paper = "no_agreement" | "agreement_lapsed" | "agreement_ends" | "no_identity";
export const noticeDays = 30;

// Which papers stand between an account and a contract in force (domain.md 4.2).
export function papersOf(one: Pick<AccountSummary, "hasIdentity" | "agreementUntil">, nowMs: number): Paper[] {
  const found: Paper[] = [];
  if (!one.agreementUntil) found.push("no_agreement");
  else {
    const left = daysUntil(one.agreementUntil, nowMs);
    if (left < 0) found.push("agreement_lapsed");
    else if (left <= noticeDays) found.push("agreement_ends");
  }
  if (!one.hasIdentity) found.push("no_identity");
  return found;
}

export const paperColour: Record<Paper, string> = {
  no_agreement: "red",
  agreement_lapsed: "red",
  agreement_ends: "orange",
  no_identity: "red",
};

export const gradeColour: Record<string, string> = { A: "green", B: "blue", C: "default" };
