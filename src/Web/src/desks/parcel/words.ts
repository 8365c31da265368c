import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { ParcelSummary, TimelineEntry } from "../../gen/kal/custody/v1/custody_pb";

export const reasonWord = (t: TFunction, reason: string) =>
  reason ? t(`reason.${reason}`, { defaultValue: reason.replaceAll("_", " ") }) : "";

// A number that only events know of is not registered, whatever its state says.
export const stateWord = (t: TFunction, one: ParcelSummary) =>
  t(`state.${one.state === "registered" && !one.account ? "unregistered" : one.state}`, { defaultValue: one.state.replaceAll("_", " ") });

export const custodianWord = (t: TFunction, one: ParcelSummary) =>
  [one.custodianKind && t(`party.${one.custodianKind}`, { defaultValue: one.custodianKind }), one.custodian].filter(Boolean).join(" ") ||
  "–";

export const exceptionsWord = (t: TFunction, count: number) =>
  t(count === 1 ? "parcels.exceptions_one" : "parcels.exceptions_other", { count });

export function useKindWord() {
  const { t } = useTranslation();
  return (one: TimelineEntry) => t(`kind.${one.kind}`, { defaultValue: t("kind.0") });
}
