import { createClient } from "@connectrpc/connect";
import type { Refused } from "../../app/refusals";
import { desk } from "../../app/session";
import { Cash } from "../../gen/kal/dispatch/v1/cash_pb";
import { PickupOrders } from "../../gen/kal/dispatch/v1/orders_pb";
import { type DayReply, type DayView, Runs } from "../../gen/kal/dispatch/v1/runs_pb";
import { RunSheets } from "../../gen/kal/dispatch/v1/sheets_pb";

export const runs = createClient(Runs, desk);
export const runSheets = createClient(RunSheets, desk);
export const cash = createClient(Cash, desk);
export const orders = createClient(PickupOrders, desk);

// An act on a day answers with the day as it is now, or with a refusal.
export const settled = (reply: DayReply): Refused | undefined => (reply.answer.case === "refused" ? reply.answer.value : undefined);
export const dayOf = (reply: DayReply): DayView | undefined => (reply.answer.case === "day" ? reply.answer.value : undefined);
