import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { Station, type StationSession } from "../../gen/kal/edge/v1/station_pb";

// A station's session lives as long as its tab: the kiosk is shared, people are not.
const key = "kal.station";

export interface Seat {
  station: string;
  token: string;
  person: string;
  name: string;
  roles: string[];
}

export function seat(): Seat | undefined {
  const kept = sessionStorage.getItem(key);
  if (!kept) return undefined;
  try {
    return JSON.parse(kept) as Seat;
  } catch {
    sessionStorage.removeItem(key);
    return undefined;
  }
}

export function sit(station: string, session: StationSession): Seat {
  const taken: Seat = { station, token: session.token, person: session.person, name: session.displayName, roles: session.roles };
  sessionStorage.setItem(key, JSON.stringify(taken));
  return taken;
}

export function leave() {
  sessionStorage.removeItem(key);
}

const bearer: Interceptor = (next) => (request) => {
  const token = seat()?.token;
  if (token) request.header.set("authorization", `Bearer ${token}`);
  return next(request);
};

export const stationClient = createClient(Station, createGrpcWebTransport({ baseUrl: location.origin, interceptors: [bearer] }));

export function newId(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16));
}
