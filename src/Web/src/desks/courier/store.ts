import Dexie, { type Table } from "dexie";
import { newId } from "./clock";

// What a courier's phone holds: one database a courier, so that two couriers' journals never mix. A fact is written with its pictures in one strict transaction before the page says
// that it is taken; it leaves only after the server has answered for it.
export type FactState = "waiting" | "recorded" | "refused";

export interface KeptFact {
  seq: number;
  id: string; // hex
  kind: number;
  parcel: string;
  reference: string;
  day: string;
  boot: Uint8Array;
  wallMs: number;
  body: Uint8Array;
  state: FactState;
  answeredMs: number;
  code: string;
  message: string;
  seen: boolean; // a refusal the courier has read
}

export interface KeptPicture {
  key: string; // event id and hash
  eventId: string;
  sha256: Uint8Array;
  content: Uint8Array;
  wallMs: number;
}

interface KeptDay {
  id: 1;
  reply: Uint8Array;
  askedMs: number;
}

class Book extends Dexie {
  facts!: Table<KeptFact, number>;
  pictures!: Table<KeptPicture, string>;
  day!: Table<KeptDay, number>;
  meta!: Table<{ name: string; value: Uint8Array | number }, string>;

  constructor(courier: string) {
    super(`kal-courier-${courier}`, { chromeTransactionDurability: "strict" });
    this.version(1).stores({ facts: "seq, &id, state", pictures: "key, eventId", day: "id", meta: "name" });
  }
}

export type NewFact = Omit<KeptFact, "seq" | "state" | "answeredMs" | "code" | "message" | "seen">;

const keptDays = 3;

export class Journal {
  private readonly book: Book;

  constructor(courier: string) {
    this.book = new Book(courier);
  }

  // The journal's own id: new when the browser's storage was emptied, so that numbers counted anew are not taken for gaps.
  async id(): Promise<Uint8Array> {
    return this.book.transaction("rw", this.book.meta, async () => {
      const known = await this.book.meta.get("journal");
      if (known) return known.value as Uint8Array;
      const made = newId();
      await this.book.meta.add({ name: "journal", value: made });
      return made;
    });
  }

  async append(facts: NewFact[], pictures: KeptPicture[]): Promise<void> {
    await this.book.transaction("rw", this.book.facts, this.book.pictures, this.book.meta, async () => {
      const last = ((await this.book.meta.get("sequence"))?.value as number | undefined) ?? 0;
      await this.book.facts.bulkAdd(
        facts.map((fact, at) => ({
          ...fact,
          seq: last + at + 1,
          state: "waiting" as const,
          answeredMs: 0,
          code: "",
          message: "",
          seen: false,
        })),
      );
      await this.book.pictures.bulkPut(pictures);
      await this.book.meta.put({ name: "sequence", value: last + facts.length });
    });
  }

  facts = (): Promise<KeptFact[]> => this.book.facts.orderBy("seq").toArray();

  // What goes up next: in the journal's order, unbroken, of one start of the counter.
  async next(most: number): Promise<KeptFact[]> {
    const waiting = (await this.book.facts.where("state").equals("waiting").sortBy("seq")).slice(0, most);
    const first = waiting[0];
    if (!first) return [];
    const end = waiting.findIndex((fact, at) => fact.seq !== first.seq + at || !same(fact.boot, first.boot));
    return end < 0 ? waiting : waiting.slice(0, end);
  }

  async answered(answers: { id: string; refused: boolean; code: string; message: string }[], nowMs: number): Promise<void> {
    await this.book.transaction("rw", this.book.facts, async () => {
      for (const answer of answers)
        await this.book.facts
          .where("id")
          .equals(answer.id)
          .modify({ state: answer.refused ? "refused" : "recorded", code: answer.code, message: answer.message, answeredMs: nowMs });
    });
  }

  seen = (seq: number) => this.book.facts.update(seq, { seen: true });

  pictures = (): Promise<KeptPicture[]> => this.book.pictures.toArray();

  pictureCount = (): Promise<number> => this.book.pictures.count();

  dropPicture = (key: string) => this.book.pictures.delete(key);

  // A picture of a refused fact stays here: the server takes none without its fact, and nothing that was captured is thrown away.
  async picturesToSend(): Promise<KeptPicture[]> {
    const recorded = new Set((await this.book.facts.where("state").equals("recorded").toArray()).map((fact) => fact.id));
    return (await this.book.pictures.toArray()).filter((picture) => recorded.has(picture.eventId));
  }

  async keepDay(reply: Uint8Array, askedMs: number): Promise<void> {
    await this.book.transaction("rw", this.book.day, this.book.facts, this.book.pictures, async () => {
      await this.book.day.put({ id: 1, reply, askedMs });
      const old = (await this.book.facts.where("state").equals("recorded").toArray()).filter(
        (fact) => fact.wallMs < askedMs - keptDays * 86_400_000,
      );
      await this.book.facts.bulkDelete(old.map((fact) => fact.seq));
    });
  }

  day = () => this.book.day.get(1);

  // Addresses and amounts leave the phone with the courier; what is still waiting stays.
  dropDay = () => this.book.day.delete(1);

  async waiting(): Promise<number> {
    return (await this.book.facts.where("state").equals("waiting").count()) + (await this.picturesToSend()).length;
  }

  close = () => this.book.close();
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at]);
