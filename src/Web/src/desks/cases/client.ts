import { createClient } from "@connectrpc/connect";
import type { Refused } from "../../app/refusals";
import { desk } from "../../app/session";
import { type CaseReply, Cases } from "../../gen/kal/cases/v1/cases_pb";

export const cases = createClient(Cases, desk);

// A refusal comes back; nothing means done.
export const settled = (reply: CaseReply): Refused | undefined => reply.refused;
