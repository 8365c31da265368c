import { toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { desk } from "../../app/session";
import { Captures } from "../../gen/kal/custody/v1/custody_pb";
import { Courier, type InterceptTold, type MyDayReply, MyDayReplySchema } from "../../gen/kal/dispatch/v1/courier_pb";
import type { Counter } from "./clock";
import type { Journal, KeptPicture } from "./store";

const courier = createClient(Courier, desk);
const captures = createClient(Captures, desk);
const batchMax = 100;
const timeoutMs = 20_000;
const picturesAtOnce = 3;

export type Line = "unknown" | "up" | "down" | "signed_out" | "no_courier";

export interface Heard {
  day?: MyDayReply;
  intercepts: InterceptTold[];
}

const bytesOf = (id: string) => new Uint8Array((id.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));

// One round with the server: what waits in the journal's order, then its pictures, then the day anew. Whatever breaks off is sent again with the same ids. `answered` is called with
// every answer, so that the page says what has gone up while the rest is still on the way.
export async function round(journal: Journal, counter: Counter, device: string, askDay: boolean, answered: () => void): Promise<Heard> {
  const id = await journal.id();
  const heard: Heard = { intercepts: [] };
  // At least one call: it is the contact that puts this phone's counter right, and it brings what the desk wants stopped.
  for (;;) {
    const facts = await journal.next(batchMax);
    const now = counter.now();
    const reply = await courier.sync(
      {
        device,
        journal: id,
        boot: now.boot,
        monotonicUs: now.counterUs,
        eventsBoot: facts[0]?.boot ?? new Uint8Array(),
        firstSequence: BigInt(facts[0]?.seq ?? 0),
        events: facts.map((fact) => fact.body),
      },
      { timeoutMs },
    );
    await journal.answered(
      reply.results.map((one) => ({
        id: one.eventId.replaceAll("-", ""),
        refused: one.result === "refused",
        code: one.code,
        message: one.message,
      })),
      Date.now(),
    );
    heard.intercepts = reply.intercepts;
    answered();
    if (facts.length === 0) break;
    if (reply.results.length < facts.length) throw new ConnectError("fewer answers than facts", Code.DataLoss);
  }
  await sendPictures(journal, answered);
  if (askDay) {
    const askedMs = Date.now();
    heard.day = await courier.myDay({}, { timeoutMs });
    await journal.keepDay(toBinary(MyDayReplySchema, heard.day), askedMs);
  }
  return heard;
}

async function sendPictures(journal: Journal, answered: () => void) {
  const pictures = await journal.picturesToSend();
  // A few at a time: a slow line has its delay once and not forty times.
  await Promise.all(Array.from({ length: picturesAtOnce }, () => sendOf(pictures)));

  async function sendOf(rest: KeptPicture[]) {
    for (let picture = rest.shift(); picture; picture = rest.shift()) {
      await sendPicture(journal, picture);
      answered();
    }
  }
}

async function sendPicture(journal: Journal, picture: KeptPicture) {
  try {
    await captures.storeEvidence(
      { eventId: bytesOf(picture.eventId), sha256: picture.sha256, length: BigInt(picture.content.length), content: picture.content },
      { timeoutMs: 60_000 },
    );
  } catch (error) {
    // Retention has ended, or the event names another: sending it again cannot help, and it is kept.
    if (error instanceof ConnectError && (error.code === Code.InvalidArgument || error.code === Code.Aborted)) return;
    throw error;
  }
  await journal.dropPicture(picture.key);
}

export function lineOf(error: unknown): Line {
  if (!(error instanceof ConnectError)) return "down";
  if (error.code === Code.Unauthenticated) return "signed_out";
  // An answer, and no broken line: whoever is signed in has no run here.
  return error.code === Code.PermissionDenied || error.code === Code.NotFound ? "no_courier" : "down";
}
