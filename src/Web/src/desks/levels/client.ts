import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { currentCaller, desk, onSession } from "../../app/session";
import { Scorecards, Warnings } from "../../gen/kal/levels/v1/scorecards_pb";
import { forgetMembers } from "./members";

export const scorecards = createClient(Scorecards, desk);
export const warnings = createClient(Warnings, desk);

// A server that keeps no warnings says so; that is no failure, and not the same as none standing.
export async function listWarnings(account: string, closedToo: boolean, pageToken = "") {
  try {
    const page = await warnings.list({ account, closedToo, pageSize: 100, pageToken });
    return { rows: page.warnings, next: page.nextPageToken, kept: true };
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.Unimplemented) return { rows: [], next: "", kept: false };
    throw error;
  }
}

// What one person's drill-downs named is not the next one's to see.
let of = currentCaller()?.id;
onSession(() => {
  if (of !== currentCaller()?.id) forgetMembers();
  of = currentCaller()?.id;
});
