import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { language } from "../../app/texts";
import { instant } from "../../format/figures";
import { seat as kept, leave, newId, type Seat, stationClient } from "./client";
import {
  AbandonDialog,
  CheckLine,
  ConfirmDialog,
  type DialogName,
  HandEntry,
  HoldDialog,
  OpenHandover,
  PairingDialog,
  ProblemDialog,
} from "./Dialogs";
import { HandoverPanel, HealthBar, RecentPanel, ScanPanel, WeightPanel } from "./SidePanels";
import { StationSignIn } from "./StationSignIn";
import { sound } from "./sounds";
import { useStation } from "./useStation";
import { VerdictPanel } from "./VerdictPanel";
import "./station.css";

export function Station({ wanted }: { wanted: string | undefined }) {
  const [seat, setSeat] = useState<Seat | undefined>(() => {
    const before = kept();
    return before && (!wanted || before.station === wanted) ? before : undefined;
  });
  const stand = useCallback(() => setSeat(undefined), []);
  if (!seat) return <StationSignIn wanted={wanted} onSeat={setSeat} />;
  return <Kiosk seat={seat} onLeft={stand} />;
}

function Kiosk({ seat, onLeft }: { seat: Seat; onLeft: () => void }) {
  const { t } = useTranslation();
  const { state, line } = useStation(seat.station, onLeft);
  const [dialog, setDialog] = useState<DialogName>();
  const [notice, setNotice] = useState("");
  const heard = useRef("");

  const judged = state?.judged;
  useEffect(() => {
    if (!judged) return;
    const one = `${judged.parcel}|${judged.atUs}|${judged.headline}`;
    if (heard.current && heard.current !== one) sound(judged.tone);
    heard.current = one;
  }, [judged]);

  const handover = state?.handover;
  const running = handover && ["open", "counted", "confirmed_giver"].includes(handover.state);

  const count = useCallback(async () => {
    const reply = await stationClient.countHandover({ commandId: newId(), station: seat.station }).catch(() => undefined);
    if (!reply) setNotice(t("refusal.agent_unreachable"));
    else if (reply.answer.case === "refused") {
      const refused = reply.answer.value;
      setNotice(t(`refusal.${refused.code}`, { ...refused.figures, defaultValue: refused.message }));
    } else setNotice("");
  }, [seat.station, t]);

  const signOut = useCallback(async () => {
    await stationClient.signOut({}).catch(() => undefined);
    leave();
    onLeft();
  }, [onLeft]);

  useEffect(() => {
    const keys = new Map<string, () => void>([
      ["F2", () => setDialog("hand")],
      ["F3", () => setDialog("hold")],
      ["F4", () => setDialog("problem")],
      ["F6", () => setDialog(running ? "check" : "handover")],
      ["F8", () => void count()],
      ["F9", () => running && setDialog("confirm")],
      ["F10", () => running && setDialog("abandon")],
      ["F12", () => void signOut()],
    ]);
    const press = (event: KeyboardEvent) => {
      const act = keys.get(event.key);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [running, count, signOut]);

  const ambiguous = state?.pairing?.state === "ambiguous";
  useEffect(() => {
    setDialog((open) => (ambiguous ? (open ?? "pairing") : open === "pairing" ? undefined : open));
  }, [ambiguous]);

  const close = useCallback(() => setDialog(undefined), []);
  const lost = line === "lost";

  return (
    <main className={`kiosk ${lost ? "kiosk-lost" : ""}`} data-line={line}>
      <header>
        <strong>{state ? `${state.depot} · ${state.station}` : seat.station}</strong>
        <HealthBar devices={state?.devices ?? []} link={state?.link} nowUs={state?.nowUs ?? 0n} />
        <span className="who">
          {state?.personName || seat.name} · <time>{state ? instant(state.nowUs, language(), false) : ""}</time>
        </span>
        <LanguageSwitch />
      </header>
      {lost && (
        <p className="banner" role="alert">
          {t("station.lost")}
        </p>
      )}
      {notice && (
        <p className="banner banner-warn" role="alert">
          {notice}
        </p>
      )}
      <div className="kiosk-body">
        <div className="kiosk-main">
          <VerdictPanel judged={judged} />
          <section className="next" aria-live="polite">
            <span>{t("station.next")}</span>{" "}
            {state?.instruction
              ? t(`next.${state.instruction.code}`, { ...state.instruction.figures, defaultValue: state.instruction.code })
              : "…"}
          </section>
        </div>
        <aside>
          <WeightPanel weight={state?.weight} lost={lost || line === "opening"} />
          <ScanPanel scan={state?.scan} />
          {handover && running ? <HandoverPanel handover={handover} /> : <RecentPanel recent={state?.recent ?? []} />}
        </aside>
      </div>
      <footer>
        <Key k="F2" word={t("key.hand")} />
        <Key k="F3" word={t("key.hold")} />
        <Key k="F4" word={t("key.problem")} />
        <Key k="F6" word={t(running ? "key.check" : "key.handover")} />
        {running && <Key k="F8" word={t("key.count")} />}
        {running && <Key k="F9" word={t("key.confirm")} />}
        {running && <Key k="F10" word={t("key.abandon")} />}
        <Key k="F12" word={t("key.leave")} />
        <span className="counts">
          {t("station.today", {
            judged: state?.today?.judged ?? 0,
            held: state?.today?.held ?? 0,
            warned: state?.today?.warned ?? 0,
            typed: state?.today?.typed ?? 0,
          })}
        </span>
      </footer>
      {state && dialog === "hand" && <HandEntry state={state} onClose={close} />}
      {state && dialog === "hold" && <HoldDialog state={state} onClose={close} />}
      {state && dialog === "problem" && <ProblemDialog state={state} onClose={close} />}
      {state && dialog === "handover" && <OpenHandover state={state} onClose={close} />}
      {state && handover && dialog === "check" && <CheckLine state={state} handover={handover} onClose={close} />}
      {state && handover && dialog === "confirm" && <ConfirmDialog state={state} handover={handover} onClose={close} />}
      {state && dialog === "abandon" && <AbandonDialog state={state} onClose={close} />}
      {state && dialog === "pairing" && <PairingDialog state={state} onClose={close} />}
    </main>
  );
}

function Key({ k, word }: { k: string; word: string }) {
  return (
    <span className="key">
      <kbd>{k}</kbd> {word}
    </span>
  );
}
