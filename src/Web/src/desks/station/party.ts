import type { TFunction } from "i18next";
import type { Party } from "../../gen/kal/custody/v1/events_pb";

// "courier 李强", "depot HZ01": a person by name where the agent knows it, everybody else by code.
export function partyName(t: TFunction, party: Party | undefined, name: string): string {
  if (!party) return "–";
  return [t(`party_kind.${party.kind}`), name || party.id].filter(Boolean).join(" ");
}
