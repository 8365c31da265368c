import { createClient } from "@connectrpc/connect";
import { currentCaller, desk, onSession } from "../../app/session";
import { Scorecards, Warnings } from "../../gen/kal/levels/v1/scorecards_pb";
import { forgetMembers } from "./members";

export const scorecards = createClient(Scorecards, desk);
export const warnings = createClient(Warnings, desk);

// What one person's drill-downs named is not the next one's to see.
let of = currentCaller()?.id;
onSession(() => {
  if (of !== currentCaller()?.id) forgetMembers();
  of = currentCaller()?.id;
});
