import { createClient } from "@connectrpc/connect";
import { desk } from "../../app/session";
import { Parcels } from "../../gen/kal/custody/v1/custody_pb";

export const parcels = createClient(Parcels, desk);
