import { Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { type Caller, type Session, SignIn } from "../gen/kal/identity/v1/identity_pb";

// A desk's session: a short-lived access token in memory, a single-use refresh token kept for the next tab or day.
// Refreshing is done under a lock that all tabs share: two tabs using one refresh token would look like theft and end the session.
// The next token is chosen here and kept before it is asked for: when the answer is lost, asking again with it goes on with the session.
const refreshKey = "kal.refresh";
const nextKey = "kal.refresh.next";
let access = "";
let expiresAtMs = 0;
let caller: Caller | undefined;
const listeners = new Set<() => void>();

const open = createGrpcWebTransport({ baseUrl: location.origin });
const signIn = createClient(SignIn, open);

function take(session: Session) {
  access = session.accessToken;
  expiresAtMs = Number(session.expiresAtUs / 1000n);
  caller = session.caller;
  localStorage.setItem(refreshKey, session.refreshToken);
  localStorage.removeItem(nextKey);
  for (const tell of listeners) tell();
}

export function forget() {
  access = "";
  expiresAtMs = 0;
  caller = undefined;
  localStorage.removeItem(refreshKey);
  localStorage.removeItem(nextKey);
  for (const tell of listeners) tell();
}

export const currentCaller = () => caller;
export function onSession(tell: () => void) {
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
  };
}

export async function signInWithPassword(name: string, password: string): Promise<{ code: string; retryAtUs: bigint } | undefined> {
  const reply = await signIn.withPassword({ name, password });
  if (reply.answer.case === "session") {
    take(reply.answer.value);
    return undefined;
  }
  return { code: reply.answer.case === "refused" ? reply.answer.value.code : "unknown", retryAtUs: reply.answer.value?.retryAtUs ?? 0n };
}

export async function signOut() {
  try {
    if (access) await createClient(SignIn, desk).signOut({});
  } finally {
    forget();
  }
}

function nextToken(): string {
  const kept = localStorage.getItem(nextKey);
  if (kept) return kept;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  localStorage.setItem(nextKey, made);
  return made;
}

// True when there is a usable access token afterwards.
export async function resume(): Promise<boolean> {
  if (access && expiresAtMs - Date.now() > 30_000) return true;
  return navigator.locks.request("kal.refresh", async () => {
    if (access && expiresAtMs - Date.now() > 30_000) return true;
    const token = localStorage.getItem(refreshKey);
    if (!token) return false;
    try {
      const reply = await signIn.refresh({ refreshToken: token, next: nextToken() });
      if (reply.answer.case === "session") {
        take(reply.answer.value);
        return true;
      }
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== Code.Unauthenticated) throw error;
    }
    forget();
    return false;
  });
}

const bearer: Interceptor = (next) => async (request) => {
  await resume();
  if (access) request.header.set("authorization", `Bearer ${access}`);
  try {
    return await next(request);
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.Unauthenticated) forget();
    throw error;
  }
};

// For everything a signed-in person of a desk asks.
export const desk: Transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [bearer] });
