import type { HandoverProgress, StationState } from "../../../gen/kal/edge/v1/station_pb";
import { HandEntry } from "./HandEntry";
import { AbandonDialog, CheckLine, ConfirmDialog, OpenHandover } from "./HandoverDialogs";
import { Help } from "./Help";
import { HoldDialog, PairingDialog, ProblemDialog } from "./ParcelDialogs";

export type DialogName = "help" | "hand" | "hold" | "problem" | "handover" | "check" | "confirm" | "abandon" | "pairing";

export interface DialogProps {
  state: StationState;
  onClose: () => void;
}

export function Dialog({ name, handover, ...rest }: DialogProps & { name: DialogName; handover: HandoverProgress | undefined }) {
  switch (name) {
    case "help":
      return <Help {...rest} />;
    case "hand":
      return <HandEntry {...rest} />;
    case "hold":
      return <HoldDialog {...rest} />;
    case "problem":
      return <ProblemDialog {...rest} />;
    case "pairing":
      return <PairingDialog {...rest} />;
    case "handover":
      return <OpenHandover {...rest} />;
    case "check":
      return handover ? <CheckLine {...rest} handover={handover} /> : null;
    case "confirm":
      return handover ? <ConfirmDialog {...rest} handover={handover} /> : null;
    case "abandon":
      return <AbandonDialog {...rest} />;
  }
}
