import { Permission } from "../gen/kal/access/v1/access_pb";
import { currentCaller } from "./session";

// What one may not see is not there; the server decides all the same.
export const may = (permission: Permission) => currentCaller()?.permissions.includes(permission) ?? false;

// A caller bound to accounts is a client: same numbers, fewer buttons.
export const isClient = () => currentCaller()?.roles.includes("ClientUser") ?? false;

export interface DeskEntry {
  path: string;
  text: string;
  icon: string;
  needs: Permission;
}

// The desks in the order of the menu.
export const deskEntries: DeskEntry[] = [
  { path: "/accounts", text: "nav.accounts", icon: "accounts", needs: Permission.ACCOUNT_READ },
  { path: "/levels", text: "nav.levels", icon: "levels", needs: Permission.SCORE_READ },
  { path: "/contracts", text: "nav.contracts", icon: "contracts", needs: Permission.CONTRACT_READ },
  { path: "/prices", text: "nav.prices", icon: "prices", needs: Permission.RATE },
  { path: "/cases", text: "nav.cases", icon: "cases", needs: Permission.CASE_READ },
  { path: "/parcels", text: "parcels.title", icon: "parcels", needs: Permission.PARCEL_READ },
  { path: "/dispatch", text: "nav.dispatch", icon: "dispatch", needs: Permission.DISPATCH_READ },
  { path: "/scales", text: "scales.title", icon: "scales", needs: Permission.DEPOT_WATCH },
];

// Where one lands after signing in: a courier on the phone's page; whose day is spent with accounts begins there, everybody else with parcels.
export const homePath = () =>
  may(Permission.COURIER_WORK) ? "/courier" : may(Permission.ACCOUNT_EDIT) && may(Permission.CASE_DECIDE) ? "/accounts" : "/parcels";
