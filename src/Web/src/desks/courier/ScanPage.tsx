import { type FormEvent, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import { CameraScan } from "./CameraScan";
import { findStop } from "./round";
import { useWork } from "./useCourier";

// A parcel in hand leads to its door. One of another run is said to be so, at once and without network.
export function ScanPage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const { stops, act } = useWork();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");

  const take = useCallback(
    async (text: string, byHand: boolean, symbology: string) => {
      const found = findStop(stops, text);
      if (!found) {
        setProblem(text.trim());
        return;
      }
      const code = found.parcels.find((parcel) => parcel.parcel.toUpperCase() === text.trim().toUpperCase())?.parcel ?? "";
      if (code) await act((acts) => acts.scanned(code, text.trim(), byHand, symbology));
      go(`/courier/stop/${encodeURIComponent(found.stop.stop)}?scanned=${encodeURIComponent(code)}`);
    },
    [stops, act, go],
  );
  const seen = useCallback((text: string, symbology: string) => void take(text, false, symbology), [take]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void take(typed, true, "");
  };
  return (
    <section data-page="scan">
      <h1>{t("courier.tab.scan")}</h1>
      <CameraScan onSeen={seen} />
      <form onSubmit={submit} className="deliver">
        <label>
          {t("courier.type_code")}
          <input
            name="code"
            autoCapitalize="characters"
            autoComplete="off"
            enterKeyHint="go"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit" className="plain" disabled={typed.trim() === ""}>
          {t("courier.find")}
        </button>
      </form>
      {problem && (
        <p className="notice bad" role="alert">
          {t("courier.another_run", { code: problem })}
        </p>
      )}
    </section>
  );
}
