import { createClient } from "@connectrpc/connect";
import type { Refused } from "../../app/refusals";
import { desk } from "../../app/session";
import { Contracts, type VersionReply } from "../../gen/kal/contracts/v1/contracts_pb";

export const contracts = createClient(Contracts, desk);

// A refusal comes back; nothing means done.
export const settled = (reply: VersionReply): Refused | undefined => (reply.answer.case === "refused" ? reply.answer.value : undefined);
