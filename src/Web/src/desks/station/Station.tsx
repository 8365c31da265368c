import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { language, speak } from "../../app/texts";
import { useTitle } from "../../app/title";
import { instant } from "../../format/figures";
import type { HandoverProgress, StationState } from "../../gen/kal/edge/v1/station_pb";
import { CheckPanel } from "./CheckPanel";
import { seat as kept, leave, newId, type Seat, stationClient } from "./client";
import { Dialog, type DialogName } from "./dialogs/Dialog";
import { HandoverBoard } from "./HandoverBoard";
import { Icon } from "./Icons";
import { HealthBar, RecentPanel, ScanPanel, WeightPanel } from "./SidePanels";
import { type Before, StationSignIn } from "./StationSignIn";
import { isQuiet, sound } from "./sounds";
import { useStation } from "./useStation";
import { Lost, VerdictPanel } from "./VerdictPanel";
import { nextText, refusalText, urgency } from "./words";
import "./station.css";

const noticeShownMs = 8000;
const runs = (one: HandoverProgress | undefined) => one !== undefined && ["open", "counted", "confirmed_giver"].includes(one.state);

export function Station({ wanted }: { wanted: string | undefined }) {
  const [before, setBefore] = useState<Before>("new");
  const [seat, setSeat] = useState<Seat | undefined>(() => {
    const last = kept();
    return last && (!wanted || last.station === wanted) ? last : undefined;
  });
  const stand = useCallback((why: Before) => {
    leave();
    setBefore(why);
    setSeat(undefined);
  }, []);
  if (!seat) return <StationSignIn wanted={wanted} before={before} onSeat={setSeat} />;
  return <Kiosk seat={seat} onLeft={stand} />;
}

// What both sides have just confirmed stays in sight until the next scan: it is the receipt.
function useReceipt(state: StationState | undefined) {
  const last = useRef<HandoverProgress>(undefined);
  const [receipt, setReceipt] = useState<{ handover: HandoverProgress; scanUs: bigint }>();
  const running = runs(state?.handover);
  const scanUs = state?.scan?.atUs ?? 0n;
  const confirmed = state?.instruction?.code === "handover_confirmed" ? state.instruction.figures.handover : undefined;
  useEffect(() => {
    if (running) last.current = state?.handover;
    else if (last.current && confirmed === last.current.id) {
      setReceipt({ handover: { ...last.current, state: "confirmed" }, scanUs });
      last.current = undefined;
    }
  });
  return !running && receipt && receipt.scanUs === scanUs ? receipt.handover : undefined;
}

function Kiosk({ seat, onLeft }: { seat: Seat; onLeft: (why: Before) => void }) {
  const { t } = useTranslation();
  // The feed may tell of the end before the answer to leaving is here.
  const leaving = useRef(false);
  const ended = useCallback(() => onLeft(leaving.current ? "left" : "ended"), [onLeft]);
  const { state, line } = useStation(seat.station, ended);
  const [dialog, setDialog] = useState<DialogName>();
  const [notice, setNotice] = useState("");
  const heard = useRef("");
  useTitle(`${t("station.station")} ${seat.station}`);

  const judged = state?.judged;
  useEffect(() => {
    if (!judged) return;
    const one = `${judged.parcel}|${judged.atUs}|${judged.headline}`;
    if (heard.current && heard.current !== one) sound(judged.tone);
    heard.current = one;
  }, [judged]);

  const handover = runs(state?.handover) ? state?.handover : undefined;
  const running = handover !== undefined;
  const receipt = useReceipt(state);
  const lost = line === "lost";

  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => setNotice(""), noticeShownMs);
    return () => clearTimeout(timer);
  }, [notice]);

  const count = useCallback(async () => {
    const reply = await stationClient.countHandover({ commandId: newId(), station: seat.station }).catch(() => undefined);
    if (!reply) setNotice(t("refusal.agent_unreachable"));
    else setNotice(reply.answer.case === "refused" ? refusalText(t, reply.answer.value) : "");
  }, [seat.station, t]);

  // One key begins the check, gives it up, and puts its result away.
  const checking = state?.check;
  const hasScale = Boolean(state?.scaleStanding);
  const toggleCheck = useCallback(async () => {
    const act = { commandId: newId(), station: seat.station };
    const reply = await (checking ? stationClient.endScaleCheck(act) : stationClient.beginScaleCheck(act)).catch(() => undefined);
    if (!reply) setNotice(t("refusal.agent_unreachable"));
    else setNotice(reply.answer.case === "refused" ? refusalText(t, reply.answer.value) : "");
  }, [checking, seat.station, t]);

  const signOut = useCallback(async () => {
    leaving.current = true;
    await stationClient.signOut({}).catch(() => undefined);
    onLeft("left");
  }, [onLeft]);

  useEffect(() => {
    const keys = new Map<string, () => void>([
      ["F1", () => setDialog("help")],
      ["F2", () => setDialog("hand")],
      ["F3", () => setDialog("hold")],
      ["F4", () => setDialog("problem")],
      ["F5", () => hasScale && void toggleCheck()],
      ["F6", () => setDialog(running ? "check" : "handover")],
      ["F7", () => speak(language() === "zh" ? "en" : "zh")],
      ["F8", () => running && void count()],
      ["F9", () => running && setDialog("confirm")],
      ["F10", () => running && setDialog("abandon")],
      ["F12", () => void signOut()],
    ]);
    const press = (event: KeyboardEvent) => {
      const act = keys.get(event.key);
      if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
      // Not the browser's own meaning either, with a dialog open or not: F6 must not jump to the address bar.
      event.preventDefault();
      if (event.key === "F7" || !document.querySelector("dialog[open]")) act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [running, count, signOut, hasScale, toggleCheck]);

  const ambiguous = state?.pairing?.state === "ambiguous";
  useEffect(() => {
    setDialog((open) => (ambiguous ? (open ?? "pairing") : open === "pairing" ? undefined : open));
  }, [ambiguous]);

  // Barcodes that ask for a dialog, for who has only the scanner in hand.
  const asked = state?.instruction?.code;
  useEffect(() => {
    if (asked === "help") setDialog((open) => open ?? "help");
    if (asked === "open_handover") setDialog((open) => open ?? (running ? "check" : "handover"));
  }, [asked, running]);

  const close = useCallback(() => setDialog(undefined), []);
  const next = nextText(t, state?.instruction);
  const loud = lost || notice ? "stop" : urgency(asked);
  const inHand = state?.instruction?.figures.parcel ?? "";

  return (
    <main className="kiosk" data-line={line}>
      <header>
        <strong>{t("station.name", { depot: state?.depot ?? "", station: state?.station ?? seat.station })}</strong>
        <HealthBar devices={lost ? [] : (state?.devices ?? [])} link={lost ? undefined : state?.link} nowUs={state?.nowUs ?? 0n} />
        <span className="who">
          {state?.personName || seat.name}
          <time>{state && !lost ? instant(state.nowUs, language(), false).slice(0, 5) : "--:--"}</time>
        </span>
      </header>
      <div className="kiosk-body">
        <div className="kiosk-main">
          {lost ? (
            <Lost />
          ) : checking ? (
            <CheckPanel check={checking} />
          ) : handover || receipt ? (
            <HandoverBoard handover={(handover ?? receipt) as HandoverProgress} inHand={inHand} judged={judged} />
          ) : (
            <VerdictPanel state={state} />
          )}
          <section className={`next next-${loud}`} aria-live="polite" data-code={lost ? "lost" : asked}>
            <Icon tone={loud === "calm" ? "go" : loud} />
            <div>
              <div className="next-what">
                <span className="next-word">{t("station.next")}</span> {lost ? t("station.lost_next") : notice || next.what}
              </div>
              <div className="next-why">{lost || notice ? "" : next.why}</div>
            </div>
          </section>
        </div>
        <aside>
          <WeightPanel weight={state?.weight} lost={lost || line === "opening"} />
          <ScanPanel scan={lost ? undefined : state?.scan} />
          <RecentPanel recent={state?.recent ?? []} today={state?.today} quiet={isQuiet()} />
        </aside>
      </div>
      <footer>
        <Key k="F1" word={t("key.help")} />
        <Key k="F2" word={t("key.hand")} />
        <Key k="F3" word={t("key.hold")} />
        <Key k="F4" word={t("key.problem")} />
        {hasScale && <Key k="F5" word={t(checking ? "key.end_check" : "key.scale_check")} />}
        <Key k="F6" word={t(running ? "key.check" : "key.handover")} />
        {running && <Key k="F8" word={t("key.count")} />}
        {running && <Key k="F9" word={t("key.confirm")} />}
        {running && <Key k="F10" word={t("key.abandon")} />}
        <span className="key">
          <kbd>F7</kbd> <LanguageSwitch />
        </span>
        <Key k="F12" word={t("key.leave")} />
      </footer>
      {state && dialog && !lost && <Dialog name={dialog} state={state} handover={handover} onClose={close} />}
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
