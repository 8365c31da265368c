import { Code, ConnectError } from "@connectrpc/connect";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "./faults";

export interface Loaded<T> {
  data: T | undefined;
  problem: string;
  busy: boolean;
  again: () => void;
  put: (data: T) => void;
}

// What a page asks when it opens, and again when `key` changes. What is shown stays while it is asked again; an answer that comes too late is dropped.
export function useLoad<T>(key: string, ask: () => Promise<T>, unknown?: string): Loaded<T> {
  const { t } = useTranslation();
  const [data, setData] = useState<T>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(true);
  const turn = useRef(0);
  const asked = useRef(ask);
  asked.current = ask;
  const load = useCallback(() => {
    const mine = ++turn.current;
    setBusy(true);
    asked
      .current()
      .then(
        (found) => {
          if (mine !== turn.current) return;
          setData(found);
          setProblem("");
        },
        (error: unknown) => {
          if (mine !== turn.current) return;
          setProblem(unknown && error instanceof ConnectError && error.code === Code.NotFound ? unknown : faultText(t, error));
        },
      )
      .finally(() => mine === turn.current && setBusy(false));
  }, [t, unknown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the question is another one
  useEffect(() => {
    setData(undefined);
    load();
    return () => {
      turn.current++;
    };
  }, [key, load]);
  return { data, problem, busy, again: load, put: setData };
}

export interface Paged<T> {
  rows: T[] | undefined;
  more: boolean;
  problem: string;
  busy: boolean;
  again: () => void;
  next: () => void;
}

// A list that comes in pages: `key` says when it is another list.
export function usePages<T>(key: string, ask: (token: string) => Promise<{ rows: T[]; next: string }>): Paged<T> {
  const { t } = useTranslation();
  const [rows, setRows] = useState<T[]>();
  const [next, setNext] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(true);
  const turn = useRef(0);
  const asked = useRef(ask);
  asked.current = ask;
  const load = useCallback(
    (token: string) => {
      const mine = ++turn.current;
      setBusy(true);
      asked
        .current(token)
        .then(
          (page) => {
            if (mine !== turn.current) return;
            setRows((old) => (token ? [...(old ?? []), ...page.rows] : page.rows));
            setNext(page.next);
            setProblem("");
          },
          (error: unknown) => mine === turn.current && setProblem(faultText(t, error)),
        )
        .finally(() => mine === turn.current && setBusy(false));
    },
    [t],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when it is another list
  useEffect(() => {
    load("");
    return () => {
      turn.current++;
    };
  }, [key, load]);
  return { rows, more: next !== "", problem, busy, again: () => load(""), next: () => load(next) };
}
