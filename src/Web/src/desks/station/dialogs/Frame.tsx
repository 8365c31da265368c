import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LastScan, StationReply, StationState } from "../../../gen/kal/edge/v1/station_pb";
import { refusalText } from "../words";

// Sends an act, shows a refusal in words and stays; closes when done. Nothing typed is lost by a refusal.
export function useAct(onClose: () => void) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  async function act(send: () => Promise<StationReply>) {
    setBusy(true);
    setProblem("");
    try {
      const reply = await send();
      if (reply.answer.case === "refused") setProblem(refusalText(t, reply.answer.value));
      else onClose();
    } catch {
      setProblem(t("refusal.agent_unreachable"));
    } finally {
      setBusy(false);
    }
  }
  return { act, problem, setProblem, busy };
}

// What is scanned while a dialog is open goes into it; what was scanned before does not.
export function useScanned(state: StationState, take: (scan: LastScan) => void) {
  const seen = useRef(state.scan?.atUs ?? 0n);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const scan = state.scan;
    if (!scan || scan.atUs <= seen.current) return;
    seen.current = scan.atUs;
    latest.current(scan);
  }, [state.scan]);
}

export const isParcel = (scan: LastScan) => ["own_waybill", "s10", "sscc", "gs1", "foreign"].includes(scan.kind);

// A modal of the browser's own: the keyboard stays inside, Escape closes, what lies behind is inert.
export function Frame({
  title,
  problem,
  children,
  onClose,
  onSubmit,
  busy,
  submit,
}: {
  title: string;
  problem: string;
  children: ReactNode;
  onClose: () => void;
  onSubmit: () => void;
  busy: boolean;
  submit: string;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLDialogElement>(null);
  const [missing, setMissing] = useState("");
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    focusFirstEmpty(dialog);
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={box}
      className="veil"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form
        className="dialog"
        noValidate
        onInput={() => setMissing("")}
        onSubmit={(event) => {
          event.preventDefault();
          // Enter goes on to the next thing that is still missing, says so when one stands there already, and enters when nothing is.
          const here = document.activeElement;
          const empty = focusFirstEmpty(event.currentTarget);
          setMissing(empty !== undefined && here === document.activeElement ? empty : "");
          if (!busy && empty === undefined) onSubmit();
        }}
      >
        <h2>{title}</h2>
        {children}
        <div className="problem-place">
          {(missing || problem) && (
            <p className="problem" role="alert">
              {missing ? t("act.missing", { what: missing }) : problem}
            </p>
          )}
        </div>
        <div className="row-end">
          <button type="button" className="quiet" onClick={onClose}>
            {t("act.cancel")} <kbd>Esc</kbd>
          </button>
          <button type="submit" disabled={busy}>
            {submit} <kbd>↵</kbd>
          </button>
        </div>
      </form>
    </dialog>
  );
}

// Focuses the first required thing that is empty and gives its name; without one, the first field if nothing is focused yet.
function focusFirstEmpty(box: HTMLElement): string | undefined {
  for (const one of box.querySelectorAll<HTMLElement>("[data-required]")) {
    const group = one.querySelectorAll<HTMLInputElement>('input[type="radio"]');
    const empty = group.length > 0 ? ![...group].some((each) => each.checked) : one instanceof HTMLInputElement && one.value.trim() === "";
    if (!empty) continue;
    (group[0] ?? one).focus();
    return one.dataset.required;
  }
  if (!box.contains(document.activeElement) || document.activeElement === box) {
    box.querySelector<HTMLElement>("input,select")?.focus();
  }
  return undefined;
}

export function Field({
  label,
  value,
  onChange,
  required = false,
  hint = "",
  ...rest
}: {
  label: string;
  value: string;
  onChange: (next: string) => void;
  required?: boolean;
  hint?: string;
  type?: string;
  inputMode?: "decimal" | "numeric";
  name?: string;
}) {
  return (
    <label>
      {label}
      <input
        {...rest}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-required={required ? label : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      {hint && <small>{hint}</small>}
    </label>
  );
}

// One of several, by arrow keys or by its number; nothing is chosen beforehand unless the dialog says so.
export function Choice({
  name,
  value,
  options,
  onChange,
}: {
  name: string;
  value: string | undefined;
  options: [string, string][];
  onChange: (next: string) => void;
}) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <fieldset
      className="choice"
      data-required={name}
      onKeyDown={(event) => {
        const chosen = options[Number(event.key) - 1];
        if (!chosen) return;
        event.preventDefault();
        onChange(chosen[0]);
        event.currentTarget.querySelectorAll<HTMLInputElement>("input")[Number(event.key) - 1]?.focus();
      }}
    >
      <legend>
        {name} <small>{t("act.by_number", { last: options.length })}</small>
      </legend>
      {options.map(([id, word], index) => (
        <label key={id} className={id === value ? "chosen" : ""}>
          <input type="radio" name={group} value={id} checked={id === value} onChange={() => onChange(id)} /> <kbd>{index + 1}</kbd> {word}
        </label>
      ))}
    </fieldset>
  );
}
