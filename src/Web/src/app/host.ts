import { showTimesIn } from "../format/figures";

// What serves this page: the backend, or a depot's own agent; and, in a demonstration only, its freshly made sign-ins.
export interface DemoSignIn {
  role: string;
  name: string;
  displayName: string;
  password: string;
  pin?: string;
  station?: string;
}

export interface Host {
  kind: "backend" | "agent";
  station: boolean;
  demo: DemoSignIn[];
}

let known: Promise<Host> | undefined;

export function host(): Promise<Host> {
  known ??= fetch("/host.json", { cache: "no-store" })
    .then(async (reply) => {
      if (!reply.ok) throw new Error(`host.json: ${reply.status}`);
      const said = (await reply.json()) as Partial<Host> & { zone?: string };
      // A kiosk's own clock may stand in any zone; what is shown is the depot's.
      showTimesIn(said.zone);
      return { kind: said.kind ?? "backend", station: said.station ?? said.kind === "agent", demo: said.demo ?? [] };
    })
    .catch((error: unknown) => {
      known = undefined;
      throw error;
    });
  return known;
}
