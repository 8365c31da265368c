import { create, fromBinary } from "@bufbuild/protobuf";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { onSession } from "../../app/session";
import { showTimesIn } from "../../format/figures";
import { EventKind } from "../../gen/kal/custody/v1/events_pb";
import { type InterceptTold, type MyDayReply, MyDayReplySchema } from "../../gen/kal/dispatch/v1/courier_pb";
import { Counter } from "./clock";
import { Acts, type Batch } from "./facts";
import { isNewer, type Stop, stopsOf, type Truth, truthOf } from "./round";
import { Journal, type KeptFact } from "./store";
import { type Line, lineOf, round } from "./sync";

const idleMs = 20_000;
const dayEveryMs = 120_000;
// After something was told the day may say more; not with every door.
const dayAfterActMs = 15_000;
// Phones do not always say when the network is back.
const backoffMaxMs = 20_000;

export interface Work {
  day: MyDayReply | undefined;
  askedMs: number;
  facts: KeptFact[];
  stops: Stop[];
  truth: Truth;
  vehicleTold: boolean; // this phone has told a check that the day does not know yet
  line: Line;
  busy: boolean;
  // Writes what happened; resolves when it stands on this phone.
  act: (make: (acts: Acts) => Batch) => Promise<void>;
  seen: (seq: number) => Promise<void>;
  syncNow: () => void;
  dropDay: () => Promise<void>;
}

export const CourierWork = createContext<Work | undefined>(undefined);

export function useWork(): Work & { day: MyDayReply } {
  const work = useContext(CourierWork);
  if (!work?.day) throw new Error("a courier's page stands in a courier's work");
  return work as Work & { day: MyDayReply };
}

export function deviceName(): string {
  const key = "kal.phone";
  let name = localStorage.getItem(key);
  if (!name) {
    name = `phone-${crypto.randomUUID().slice(0, 13)}`;
    localStorage.setItem(key, name);
  }
  return name;
}

// A courier's work on this phone: his journal, his day, and the line to the server, which may be gone for hours.
export function useCourierWork(courier: string): Work {
  const journal = useMemo(() => new Journal(courier), [courier]);
  const counter = useMemo(() => new Counter(), []);
  const device = useMemo(deviceName, []);
  const [day, setDay] = useState<MyDayReply>();
  const [askedMs, setAskedMs] = useState(0);
  const [facts, setFacts] = useState<KeptFact[]>([]);
  const [pictures, setPictures] = useState(0);
  const [line, setLine] = useState<Line>("unknown");
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<InterceptTold[]>([]);
  const dayNow = useRef<MyDayReply>(undefined);
  const wake = useRef<() => void>(() => undefined);
  const acted = useRef(false);

  const reload = useCallback(async () => {
    const [kept, facts, pictures] = await Promise.all([journal.day(), journal.facts(), journal.pictureCount()]);
    const known = kept ? fromBinary(MyDayReplySchema, kept.reply) : undefined;
    if (known) showTimesIn(known.zone);
    dayNow.current = known;
    setDay(known);
    setAskedMs(kept?.askedMs ?? 0);
    setFacts(facts);
    setPictures(pictures);
  }, [journal]);

  const act = useCallback(
    async (make: (acts: Acts) => Batch) => {
      if (!dayNow.current) throw new Error("no day is known");
      const acts = new Acts(dayNow.current, device, counter.now());
      const { facts, pictures } = acts.kept(make(acts));
      await journal.append(facts, pictures);
      await reload();
      acted.current = true;
      wake.current();
    },
    [counter, device, journal, reload],
  );

  // The line: at once when there is something to tell, now and then otherwise, more and more slowly while nobody answers.
  useEffect(() => {
    let [gone, running, failures, lastDay] = [false, false, 0, 0];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      if (gone || running) return;
      running = true;
      clearTimeout(timer);
      setBusy(true);
      try {
        const askDay = !dayNow.current || Date.now() - lastDay > (acted.current ? dayAfterActMs : dayEveryMs);
        if (askDay) acted.current = false;
        const heard = await navigator.locks.request(`kal.courier.${courier}`, () =>
          round(journal, counter, device, askDay, () => {
            setLine("up");
            void reload();
          }),
        );
        if (askDay) lastDay = Date.now();
        failures = 0;
        setTold(heard.intercepts);
        setLine("up");
        // A verdict on what was told may change what the day says.
        if (heard.intercepts.some((one) => !knows(dayNow.current, one))) lastDay = 0;
      } catch (error) {
        failures++;
        setLine(lineOf(error));
      } finally {
        running = false;
        if (!gone) {
          setBusy(false);
          await reload();
          timer = setTimeout(() => void turn(), failures > 0 ? Math.min(backoffMaxMs, 2_000 * 2 ** Math.min(failures - 1, 5)) : idleMs);
        }
      }
    };
    wake.current = () => void turn();
    // Noticing that the phone slept must not wait for the next act.
    const beat = setInterval(() => counter.now(), 1_000);
    const off = onSession(() => void turn());
    const online = () => void turn();
    window.addEventListener("online", online);
    document.addEventListener("visibilitychange", online);
    void reload().then(turn, turn);
    return () => {
      gone = true;
      clearTimeout(timer);
      clearInterval(beat);
      off();
      window.removeEventListener("online", online);
      document.removeEventListener("visibilitychange", online);
    };
  }, [courier, journal, counter, device, reload]);

  // What the desk wants stopped is shown at once, and that it was shown is told, once.
  const saying = useRef(new Set<string>());
  useEffect(() => {
    const shown = new Set(facts.filter((fact) => fact.kind === EventKind.INTERCEPT_SEEN).map((fact) => fact.reference));
    const news = told.filter((one) => !shown.has(one.eventId) && !saying.current.has(one.eventId));
    for (const one of news) saying.current.add(one.eventId);
    if (news.length > 0 && dayNow.current)
      void act((acts) => ({ facts: news.flatMap((one) => acts.interceptSeen(one.parcel, one.eventId).facts), pictures: [] }));
  }, [told, facts, act]);

  const stops = useMemo(() => (day ? stopsOf(withIntercepts(day, told), askedMs, facts) : []), [day, askedMs, told, facts]);
  return {
    day,
    askedMs,
    facts,
    stops,
    truth: truthOf(facts, pictures),
    vehicleTold: facts.some((fact) => fact.kind === EventKind.VEHICLE_CHECKED && fact.day === day?.day && isNewer(fact, askedMs)),
    line,
    busy,
    act,
    seen: async (seq) => {
      await journal.seen(seq);
      await reload();
    },
    syncNow: () => wake.current(),
    dropDay: async () => {
      await journal.dropDay();
      await reload();
    },
  };
}

const knows = (day: MyDayReply | undefined, told: InterceptTold) =>
  day?.stops.some((stop) => stop.parcels.some((parcel) => parcel.parcel === told.parcel && parcel.intercept === told.action)) ?? false;

function withIntercepts(day: MyDayReply, told: InterceptTold[]): MyDayReply {
  if (told.length === 0) return day;
  const actions = new Map(told.map((one) => [one.parcel, one.action]));
  return create(MyDayReplySchema, {
    ...day,
    stops: day.stops.map((stop) => ({
      ...stop,
      parcels: stop.parcels.map((parcel) => ({ ...parcel, intercept: actions.get(parcel.parcel) ?? parcel.intercept })),
    })),
  });
}
