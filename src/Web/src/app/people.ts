import { createClient } from "@connectrpc/connect";
import { useEffect, useState } from "react";
import { Permission } from "../gen/kal/access/v1/access_pb";
import { type Colleague, Colleagues } from "../gen/kal/identity/v1/identity_pb";
import { may } from "./rights";
import { currentCaller, desk, onSession } from "./session";

const colleagues = createClient(Colleagues, desk);
const pagesMax = 20;
let known: { of: string; people: Promise<Colleague[]> } | undefined;
onSession(() => {
  if (known && known.of !== currentCaller()?.id) known = undefined;
});

async function everybody(): Promise<Colleague[]> {
  const all: Colleague[] = [];
  let pageToken = "";
  for (let page = 0; page < pagesMax; page++) {
    const reply = await colleagues.list({ pageSize: 500, pageToken });
    all.push(...reply.colleagues);
    pageToken = reply.nextPageToken;
    if (!pageToken) break;
  }
  return all;
}

// Everybody by name, asked once a session; a client does not see the carrier's people by name.
export function usePeople(): Colleague[] {
  const [people, setPeople] = useState<Colleague[]>([]);
  useEffect(() => {
    if (!may(Permission.COLLEAGUES_READ)) return;
    const me = currentCaller()?.id ?? "";
    known ??= { of: me, people: everybody() };
    let gone = false;
    known.people.then(
      (all) => !gone && setPeople(all),
      () => {
        known = undefined;
      },
    );
    return () => {
      gone = true;
    };
  }, []);
  return people;
}
