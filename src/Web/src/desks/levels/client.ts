import { createClient } from "@connectrpc/connect";
import { desk } from "../../app/session";
import { Scorecards, Warnings } from "../../gen/kal/levels/v1/scorecards_pb";

export const scorecards = createClient(Scorecards, desk);
export const warnings = createClient(Warnings, desk);
