import { Alert, Card, Table, Tag } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { Person } from "../../app/Person";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { day, grams, kilograms, minute, money, signedKilograms, signedMoney } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { Charge, EvidenceItem, ScaleDoubted, WeightFigures } from "../../gen/kal/cases/v1/history_pb";
import type { WeightLink } from "../../gen/kal/custody/v1/custody_pb";
import { RawEventDrawer } from "../parcel/RawEventDrawer";
import { WeightChain } from "../parcel/WeightChain";
import { reasonWord } from "../parcel/words";
import { compareCharges } from "../prices/billDiff";
import { VerdictLines } from "../station/VerdictPanel";
import { Photo } from "./Photo";
import { toleranceOf } from "./tolerance";
import { amountText, chargeText, notRated } from "./words";

// What the dispute is about, and where each number comes from: the same for both sides.
export default function WeightFiguresView({
  caseId,
  weights,
  evidence,
  doubts,
}: {
  caseId: string;
  weights: WeightFigures;
  evidence: EvidenceItem[];
  doubts: ScaleDoubted[];
}) {
  const { t } = useTranslation();
  const [raw, setRaw] = useState("");
  const photos = [...weights.photos, ...evidence].filter((one) => one.sha256.length > 0);
  const tolerance = useMemo(() => toleranceOf(weights), [weights]);
  return (
    <>
      <Card size="small" title={t("case.chain")} data-card="chain">
        {weights.chain.length > 0 ? (
          <WeightChain weights={weights.chain} tolerance={tolerance} />
        ) : (
          <p className="nothing">{t("parcel.no_weights")}</p>
        )}
        {tolerance && (
          <p className="quiet-text">
            {t("case.tolerance", {
              reference: kilograms(tolerance.referenceMg),
              limit: grams(tolerance.limitMg),
              clause: weights.verdict?.clause ?? "",
            })}
          </p>
        )}
        {weights.verdict && <VerdictLines verdict={weights.verdict} massMg={weights.measuredMg} />}
      </Card>
      <Card size="small" title={t("case.money")} data-card="money">
        <Bills weights={weights} />
      </Card>
      <Card size="small" title={t("case.evidence")} data-card="evidence">
        <Scales chain={weights.chain} doubts={doubts} onRaw={setRaw} />
        {photos.length > 0 ? (
          <div className="photos">
            {photos.map((one) => (
              <Photo key={one.eventId + one.subject} caseId={caseId} item={one} />
            ))}
          </div>
        ) : (
          <p className="quiet-text">{t("case.no_photos")}</p>
        )}
      </Card>
      {raw && <RawEventDrawer eventId={raw} onClose={() => setRaw("")} />}
    </>
  );
}

// The two bills side by side, line by line; what is not rated says why.
function Bills({ weights }: { weights: WeightFigures }) {
  const { t } = useTranslation();
  const lines = compareCharges(weights.firstCharge?.lines ?? [], weights.newCharge?.lines ?? []);
  const currency = weights.newCharge?.currency || weights.firstCharge?.currency || "CNY";
  const show = (minor: bigint | undefined) => (minor === undefined ? "–" : money(minor, currency, language()));
  const missing = [weights.firstCharge, weights.newCharge].filter((charge): charge is Charge => charge !== undefined && !charge.rated);
  return (
    <>
      <table className="bill two">
        <thead>
          <tr>
            <th />
            <th>
              {t(`case.first_${weights.firstFrom || "none"}`)}
              <div className="numbers">{weights.firstFrom ? `${kilograms(weights.firstMg)} kg` : "–"}</div>
              <small>{weights.firstBillsMg ? t("case.bills", { kg: kilograms(weights.firstBillsMg, 2) }) : ""}</small>
            </th>
            <th>
              {t("case.measured")}
              <div className="numbers">{kilograms(weights.newMg)} kg</div>
              <small>{weights.newBillsMg ? t("case.bills", { kg: kilograms(weights.newBillsMg, 2) }) : ""}</small>
            </th>
            <th>
              {t("case.difference")}
              <div className="numbers">{weights.firstFrom ? `${signedKilograms(weights.newMg - weights.firstMg)} kg` : ""}</div>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key} className={line.difference === 0n ? "same" : ""}>
              <td>
                <ClauseLink charge={weights.newCharge ?? weights.firstCharge} clause={line.clause} />{" "}
                <span className="quiet-text">{language() === "zh" ? line.textZh : line.textEn}</span>
              </td>
              <td className="numbers">{show(line.first)}</td>
              <td className="numbers">{show(line.second)}</td>
              <td className="numbers">{line.difference === 0n ? "" : signedMoney(line.difference, currency, language())}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th>{t("price.total")}</th>
            <th className="numbers">{weights.firstCharge?.rated ? chargeText(t, weights.firstCharge) : "–"}</th>
            <th className="numbers">{weights.newCharge?.rated ? chargeText(t, weights.newCharge) : "–"}</th>
            <th className="numbers">{amountText(t, weights.onHold)}</th>
          </tr>
        </tfoot>
      </table>
      {missing.length > 0 && <Alert type="warning" showIcon title={t("case.not_rated")} description={notRated(t, missing[0])} />}
    </>
  );
}

function ClauseLink({ charge, clause }: { charge: Charge | undefined; clause: string }) {
  if (!charge?.contract) return <b className="numbers">{clause}</b>;
  return (
    <Link className="clause-id" to={`/contracts/${encodeURIComponent(charge.contract)}/${charge.contractVersion}#${clause}`}>
      {clause}
    </Link>
  );
}

function Scales({ chain, doubts, onRaw }: { chain: WeightLink[]; doubts: ScaleDoubted[]; onRaw: (eventId: string) => void }) {
  const { t } = useTranslation();
  const doubted = new Set(doubts.flatMap((one) => one.weights));
  return (
    <Table
      size="small"
      pagination={false}
      rowKey={(row) => row.eventId || `declared ${row.purpose}`}
      dataSource={chain}
      tableLayout="auto"
      columns={[
        { title: t("case.weighing"), render: (_, row) => <b>{t(`purpose.${row.purpose}`)}</b> },
        { title: "kg", align: "right", render: (_, row) => <b className="numbers">{kilograms(row.massMg)}</b> },
        {
          title: t("case.scale"),
          render: (_, row) =>
            row.typed ? (
              <Tag color="gold">
                {row.eventId ? t("parcel.typed_because", { reason: reasonWord(t, row.typedReason) }) : t("parcel.declared_by")}
              </Tag>
            ) : (
              <span>
                {row.node} · {row.scale?.device} <span className="numbers">±{grams(row.errorMg)} g</span>{" "}
                {doubted.has(row.eventId) && <Tag color="red">{t("case.in_doubt")}</Tag>}
                <div className="quiet-text numbers">
                  {row.scale &&
                    t("case.scale_is", {
                      class: row.scale.accuracyClass || "–",
                      e: grams(row.scale.intervalMg),
                      until: row.scale.verifiedUntilDay
                        ? day(BigInt(row.scale.verifiedUntilDay) * 86_400_000_000n)
                        : t("case.never_verified"),
                    })}
                </div>
              </span>
            ),
        },
        {
          title: t("case.by"),
          responsive: ["md"],
          render: (_, row) => (
            <span>
              <Person id={row.actor} />
              <div className="quiet-text numbers">{minute(row.atUs, language())}</div>
            </span>
          ),
        },
        {
          title: "",
          render: (_, row) =>
            row.eventId &&
            may(Permission.EVENT_RAW_READ) && (
              <button type="button" className="language" onClick={() => onRaw(row.eventId)} data-raw={row.eventId}>
                {t("parcel.frames", { count: row.frames })}
              </button>
            ),
        },
      ]}
    />
  );
}
