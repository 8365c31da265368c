import { createClient } from "@connectrpc/connect";
import type { Refused } from "../../app/refusals";
import { desk } from "../../app/session";
import { type AccountReply, Accounts } from "../../gen/kal/contracts/v1/accounts_pb";

export const accounts = createClient(Accounts, desk);

// A refusal comes back; nothing means done.
export const settled = (reply: AccountReply): Refused | undefined => (reply.answer.case === "refused" ? reply.answer.value : undefined);
