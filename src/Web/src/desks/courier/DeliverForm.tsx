import { useState } from "react";
import { useTranslation } from "react-i18next";
import { language } from "../../app/texts";
import { kilograms, money } from "../../format/figures";
import { PaymentMeans } from "../../gen/kal/custody/v1/money_pb";
import { HandedTo } from "../../gen/kal/custody/v1/proofs_pb";
import type { MyParcel } from "../../gen/kal/dispatch/v1/courier_pb";
import { PhotoField } from "./PhotoField";
import { useWhere } from "./position";
import type { Stop } from "./round";
import { type Claim, demandOf, isCode, lacks, milligrams, nothingClaimed, weightDiffers, wrongCodesMax } from "./rules";
import { SignaturePad } from "./SignaturePad";
import { useWork } from "./useCourier";

interface Props {
  of: Stop;
  scanned: string;
  onDone: () => void;
  onBack: () => void;
}

const hands = [
  { to: HandedTo.CONSIGNEE, text: "courier.to.consignee" },
  { to: HandedTo.AGENT, text: "courier.to.agent" },
  { to: HandedTo.LOCKER, text: "courier.to.locker" },
  { to: HandedTo.PICKUP_POINT, text: "courier.to.station" },
];

// Asks for exactly what these parcels' contract demands, and says what is still missing. Nothing here needs the network.
export function DeliverForm({ of, scanned, onDone, onBack }: Props) {
  const { t } = useTranslation();
  const work = useWork();
  const where = useWhere(of.stop);
  const giveable = of.parcels.filter((parcel) => parcel.state !== "delivered" && parcel.state !== "at_pickup_point");
  const [chosen, setChosen] = useState<string[]>(() =>
    giveable.filter((parcel) => !parcel.hold && !parcel.intercept).map((parcel) => parcel.parcel),
  );
  const [claim, setClaim] = useState<Claim>(nothingClaimed);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const parcels = giveable.filter((parcel) => chosen.includes(parcel.parcel));
  const demand = demandOf(parcels, claim.to);
  const missing = lacks(parcels, claim);
  const say = (next: Partial<Claim>) => setClaim((old) => ({ ...old, ...next }));
  const amounts = sums(parcels);

  async function confirm() {
    setBusy(true);
    setProblem("");
    try {
      await work.act((acts) => acts.delivered(of.stop, parcels, claim, where()));
      onDone();
    } catch {
      setProblem(t("courier.not_kept"));
      setBusy(false);
    }
  }
  async function tryCode(parcel: MyParcel, code: string) {
    const put = (right: boolean | undefined) =>
      setClaim((old) => ({
        ...old,
        codes: { ...old.codes, [parcel.parcel]: code },
        codesRight: { ...old.codesRight, [parcel.parcel]: right },
      }));
    put(undefined);
    if (code.length !== 6 || !parcel.code) return;
    const right = await isCode(parcel.code, code);
    put(right);
    if (!right) await work.act((acts) => acts.wrongCode(parcel.parcel));
  }
  return (
    <form
      className="deliver"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing.length === 0 && !busy) void confirm();
      }}
    >
      {giveable.length > 1 && (
        <fieldset>
          <legend>{t("courier.which_parcels")}</legend>
          {giveable.map((parcel) => (
            <label key={parcel.parcel} className="row">
              <input
                type="checkbox"
                checked={chosen.includes(parcel.parcel)}
                onChange={(event) =>
                  setChosen((old) => (event.target.checked ? [...old, parcel.parcel] : old.filter((one) => one !== parcel.parcel)))
                }
              />
              <span className="numbers">
                {parcel.parcel} {parcel.parcel === scanned && "✓"}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <fieldset className="hands">
        <legend>{t("courier.to.title")}</legend>
        {hands.map((one) => (
          <label key={one.to} className={claim.to === one.to ? "on" : ""}>
            <input type="radio" name="to" checked={claim.to === one.to} onChange={() => say({ to: one.to, consented: false })} />
            {t(one.text)}
          </label>
        ))}
      </fieldset>
      {demand.consent && (
        <Tick name="consented" text={t("courier.consent_given")} on={claim.consented} set={(consented) => say({ consented })} />
      )}
      {demand.inspection && (
        <Tick
          name="inspection"
          text={t("courier.inspection_offered")}
          on={claim.inspectionOffered}
          set={(inspectionOffered) => say({ inspectionOffered })}
        />
      )}
      {parcels
        .filter((parcel) => parcel.reweigh)
        .map((parcel) => (
          <WeightField
            key={parcel.parcel}
            parcel={parcel}
            mg={claim.weights[parcel.parcel]}
            set={(mg) => say({ weights: withWeight(claim.weights, parcel.parcel, mg) })}
          />
        ))}
      {amounts.length > 0 && (
        <fieldset className="money-box">
          <legend>{t("courier.collect")}</legend>
          {amounts.map((one) => (
            <p key={one.currency} className="amount numbers">
              {money(one.cod + one.freight, one.currency, language())}
              <small>
                {one.cod > 0n && t("courier.cod", { amount: money(one.cod, one.currency, language()) })}{" "}
                {one.freight > 0n && t("courier.freight", { amount: money(one.freight, one.currency, language()) })}
              </small>
            </p>
          ))}
          <label>
            {t("courier.means.title")}
            <select value={claim.means} onChange={(event) => say({ means: Number(event.target.value) as PaymentMeans })}>
              {[PaymentMeans.CASH, PaymentMeans.WECHAT, PaymentMeans.ALIPAY, PaymentMeans.CARD].map((means) => (
                <option key={means} value={means}>
                  {t(`courier.means.${PaymentMeans[means]?.toLowerCase()}`)}
                </option>
              ))}
            </select>
          </label>
          {claim.means !== PaymentMeans.CASH && (
            <label>
              {t("courier.slip")}
              <input value={claim.slip} maxLength={60} onChange={(event) => say({ slip: event.target.value })} />
            </label>
          )}
          <Tick name="paid" text={t("courier.money_received")} on={claim.paid} set={(paid) => say({ paid })} />
        </fieldset>
      )}
      {parcels
        .filter((parcel) => parcel.proofs.includes("code"))
        .map((parcel) => (
          <label key={parcel.parcel} className="code-field">
            {t("courier.code_of", { parcel: parcel.parcel })}
            <input
              name={`code-${parcel.parcel}`}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              disabled={parcel.wrongCodes >= wrongCodesMax}
              value={claim.codes[parcel.parcel] ?? ""}
              onChange={(event) => void tryCode(parcel, event.target.value.replace(/\D/g, ""))}
            />
            {claim.codesRight[parcel.parcel] === true && <i className="good">✓ {t("courier.code_right")}</i>}
            {claim.codesRight[parcel.parcel] === false && (
              <i className="bad" role="alert">
                {t("courier.code_wrong_left", { count: Math.max(0, wrongCodesMax - parcel.wrongCodes) })}
              </i>
            )}
          </label>
        ))}
      {demand.signature && <SignaturePad value={claim.signature} set={(signature) => say({ signature })} />}
      <PhotoField demanded={demand.photo} value={claim.photo} set={(photo) => say({ photo })} />
      {missing.length > 0 && (
        <ul className="missing" aria-live="polite">
          {missing.map((one) => (
            <li key={`${one.code}${one.parcel ?? ""}`}>
              {t(`courier.lack.${one.code}`)} {one.parcel && giveable.length > 1 && <small className="numbers">{one.parcel}</small>}
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="main" disabled={busy || missing.length > 0} data-act="confirm">
        {t("courier.confirm_delivered", { count: parcels.length })}
      </button>
      <button type="button" className="plain" onClick={onBack}>
        {t("courier.back")}
      </button>
    </form>
  );
}

export function Tick({ name, text, on, set }: { name: string; text: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label className={`tick ${on ? "on" : ""}`}>
      <input type="checkbox" name={name} checked={on} onChange={(event) => set(event.target.checked)} />
      {text}
    </label>
  );
}

function WeightField({ parcel, mg, set }: { parcel: MyParcel; mg: bigint | undefined; set: (mg: bigint | undefined) => void }) {
  const { t } = useTranslation();
  return (
    <label className="code-field">
      {t("courier.weight_of", { parcel: parcel.parcel, last: parcel.handedOnMg > 0n ? `${kilograms(parcel.handedOnMg)} kg` : "–" })}
      <input
        name={`weight-${parcel.parcel}`}
        inputMode="decimal"
        placeholder="kg"
        onChange={(event) => set(milligrams(event.target.value))}
      />
      {weightDiffers(parcel, mg) && (
        <i className="bad" role="alert">
          {t("courier.weight_differs", { limit: kilograms(parcel.integrityLimitMg) })}
        </i>
      )}
    </label>
  );
}

function withWeight(weights: Record<string, bigint>, parcel: string, mg: bigint | undefined): Record<string, bigint> {
  const next = { ...weights };
  if (mg === undefined) delete next[parcel];
  else next[parcel] = mg;
  return next;
}

// Two sums, never one (domain.md 4.5), by currency.
function sums(parcels: MyParcel[]): { currency: string; cod: bigint; freight: bigint }[] {
  const all = new Map<string, { currency: string; cod: bigint; freight: bigint }>();
  for (const parcel of parcels) {
    if (parcel.codMinor === 0n && parcel.freightCollectMinor === 0n) continue;
    const one = all.get(parcel.currency) ?? { currency: parcel.currency, cod: 0n, freight: 0n };
    all.set(parcel.currency, { ...one, cod: one.cod + parcel.codMinor, freight: one.freight + parcel.freightCollectMinor });
  }
  return [...all.values()];
}
