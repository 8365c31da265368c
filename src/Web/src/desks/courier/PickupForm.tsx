import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Tick } from "./DeliverForm";
import type { Picture } from "./facts";
import { PhotoField } from "./PhotoField";
import type { Stop } from "./round";
import { useWork } from "./useCourier";

const most = 10_000;

// What the law asks at the sender's door (domain.md 4.2): who he is, what is inside, a label on each; then they are counted.
export function PickupForm({ of, onDone, onBack }: { of: Stop; onDone: () => void; onBack: () => void }) {
  const { t } = useTranslation();
  const work = useWork();
  const [count, setCount] = useState(String(of.stop.count || ""));
  const [identity, setIdentity] = useState(of.stop.agreement ? "agreement" : "");
  const [inspected, setInspected] = useState(false);
  const [labelled, setLabelled] = useState(false);
  const [photo, setPhoto] = useState<Picture>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const parcels = /^\d+$/.test(count.trim()) ? Number(count) : 0;
  const missing = [
    ...(parcels < 1 || parcels > most ? ["count"] : []),
    ...(identity === "" ? ["identity"] : []),
    ...(inspected ? [] : ["inspected"]),
    ...(labelled ? [] : ["labels"]),
  ];
  async function confirm() {
    setBusy(true);
    setProblem("");
    try {
      await work.act((acts) => acts.pickedUp(of.stop, parcels, identity, inspected, photo));
      onDone();
    } catch {
      setProblem(t("courier.not_kept"));
      setBusy(false);
    }
  }
  return (
    <form
      className="deliver"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing.length === 0 && !busy) void confirm();
      }}
    >
      <label>
        {t("courier.count_taken", { count: of.stop.count })}
        <input name="count" inputMode="numeric" value={count} onChange={(event) => setCount(event.target.value)} />
      </label>
      <fieldset className="hands">
        <legend>{t("courier.identity.title")}</legend>
        {["agreement", "document"].map((one) => (
          <label key={one} className={identity === one ? "on" : ""}>
            <input
              type="radio"
              name="identity"
              value={one}
              disabled={one === "agreement" && !of.stop.agreement}
              checked={identity === one}
              onChange={() => setIdentity(one)}
            />
            {t(`courier.identity.${one}`)}
          </label>
        ))}
      </fieldset>
      <Tick name="inspected" text={t("courier.inspected")} on={inspected} set={setInspected} />
      <Tick name="labelled" text={t("courier.labelled")} on={labelled} set={setLabelled} />
      <PhotoField demanded={false} value={photo} set={setPhoto} />
      {missing.length > 0 && (
        <ul className="missing">
          {missing.map((one) => (
            <li key={one}>{t(`courier.lack.${one}`)}</li>
          ))}
        </ul>
      )}
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="main" disabled={missing.length > 0 || busy} data-act="confirm">
        {t("courier.confirm_pickup", { count: parcels })}
      </button>
      <button type="button" className="plain" onClick={onBack}>
        {t("courier.back")}
      </button>
    </form>
  );
}
