import { Code, ConnectError } from "@connectrpc/connect";
import { useEffect, useState } from "react";
import type { StationState } from "../../gen/kal/edge/v1/station_pb";
import { leave, stationClient } from "./client";

export type Feed = { state: StationState | undefined; line: "opening" | "live" | "lost"; since: number };

// Keeps one live stream to the agent while the page is visible: browsers allow six connections a host on plain HTTP.
// A feed that has said nothing for three seconds is lost, and the page says so instead of showing an old weight as live.
export function useStation(station: string, onUnauthenticated: () => void): Feed {
  const [feed, setFeed] = useState<Feed>({ state: undefined, line: "opening", since: Date.now() });

  useEffect(() => {
    let ended = false;
    let stop: AbortController | undefined;
    let retryMs = 250;
    let heardAt = Date.now();

    async function listen() {
      while (!ended) {
        if (document.hidden) {
          await new Promise<void>((go) => document.addEventListener("visibilitychange", () => go(), { once: true }));
          continue;
        }
        stop = new AbortController();
        try {
          for await (const state of stationClient.watch({ station }, { signal: stop.signal })) {
            heardAt = Date.now();
            retryMs = 250;
            setFeed({ state, line: "live", since: heardAt });
          }
        } catch (error) {
          if (ended) return;
          if (error instanceof ConnectError && error.code === Code.Unauthenticated) {
            leave();
            onUnauthenticated();
            return;
          }
        }
        if (ended) return;
        setFeed((old) => (old.line === "lost" ? old : { ...old, line: "lost", since: Date.now() }));
        await new Promise((go) => setTimeout(go, retryMs + Math.random() * retryMs));
        retryMs = Math.min(retryMs * 2, 5000);
      }
    }

    const watchdog = setInterval(() => {
      if (Date.now() - heardAt > 3000) setFeed((old) => (old.line === "live" ? { ...old, line: "lost", since: Date.now() } : old));
    }, 1000);
    const hide = () => {
      if (document.hidden) stop?.abort();
    };
    document.addEventListener("visibilitychange", hide);
    void listen();
    return () => {
      ended = true;
      stop?.abort();
      clearInterval(watchdog);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [station, onUnauthenticated]);

  return feed;
}
