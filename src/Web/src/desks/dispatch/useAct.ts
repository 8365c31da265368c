import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "../../app/faults";
import { type Refused, refusalText } from "../../app/refusals";

const mint = () => crypto.getRandomValues(new Uint8Array(16));

export interface Act {
  busy: string;
  problem: string;
  say: (problem: string) => void;
  run: (name: string, send: (commandId: Uint8Array<ArrayBuffer>) => Promise<Refused | undefined>) => Promise<boolean>;
}

// An act of one click. Its command id stays until it is answered, so that clicking again after a broken line has one effect.
export function useAct(): Act {
  const { t } = useTranslation();
  const ids = useRef(new Map<string, Uint8Array<ArrayBuffer>>());
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState("");
  const run: Act["run"] = async (name, send) => {
    setBusy(name);
    setProblem("");
    const id = ids.current.get(name) ?? mint();
    ids.current.set(name, id);
    try {
      const refused = await send(id);
      ids.current.delete(name);
      if (refused) setProblem(refusalText(t, refused));
      return !refused;
    } catch (error) {
      setProblem(faultText(t, error));
      return false;
    } finally {
      setBusy("");
    }
  };
  return { busy, problem, say: setProblem, run };
}
