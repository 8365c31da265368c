import { createClient } from "@connectrpc/connect";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router-dom";
import { useLoad } from "../../app/load";
import { desk } from "../../app/session";
import { day } from "../../format/figures";
import type { ClauseWords, VersionView } from "../../gen/kal/contracts/v1/contracts_pb";
import { PriceCurves } from "../../gen/kal/contracts/v1/price_curves_pb";
import { type Clause, clausesOf, readDocument, text } from "./document";
import { InsuranceTable, RebateTiers, ServiceWeights, WeightTolerance } from "./OtherClauses";
import { PromiseView } from "./PromiseView";
import { SurchargeView } from "./SurchargeView";
import { TariffView } from "./TariffView";
import { Statements, titleOf } from "./Words";

const curvesOf = createClient(PriceCurves, desk);

// A contract as a document one reads: each clause in plain words, with its table or picture where a table says more than words. A clause has an address.
export default function Reader({ view }: { view: VersionView }) {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const document = useMemo(() => readDocument(view.document), [view.document]);
  const bodies = useMemo(() => clausesOf(document), [document]);
  const contract = view.summary?.contract ?? "";
  const version = view.summary?.version ?? 0;
  const curves = useLoad(`curves ${contract}/${version}`, () => curvesOf.read({ contract, version }));
  const sections = useMemo(() => grouped(view.clauses), [view.clauses]);
  const currency = text(document.currency) || "CNY";
  const today = day(Date.now() * 1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clauses must stand before one of them can be shown
  useEffect(() => {
    if (hash.length < 2) return;
    const element = globalThis.document.getElementById(`clause-${hash.slice(1)}`);
    element?.scrollIntoView({ block: "start" });
    element?.classList.add("found");
    return () => element?.classList.remove("found");
  }, [hash, view]);

  const picture = (body: Clause | undefined) => {
    switch (body?.section) {
      case "tariff":
        return (
          <TariffView
            clause={body.body}
            currency={currency}
            curves={curves.data?.tariffs.find((one) => one.clause === body.id)}
            problem={curves.problem}
          />
        );
      case "surcharges":
        return <SurchargeView clause={body.body} today={today} />;
      case "promise":
        return <PromiseView clause={body.body} />;
      case "insurance":
        return <InsuranceTable clause={body.body} />;
      case "rebates":
        return <RebateTiers clause={body.body} />;
      case "service":
        return <ServiceWeights clause={body.body} />;
      case "weight":
        return <WeightTolerance clause={body.body} />;
      default:
        return null;
    }
  };
  return (
    <div className="reader">
      <nav className="contents" aria-label={t("contract.contents")}>
        {sections.map(({ section, clauses }) => (
          <div key={section}>
            <span className="quiet-text">{t(`section.${section}`, { defaultValue: section })}</span>
            {clauses.map((clause) => (
              <Link key={clause.clause} to={{ hash: `#${clause.clause}` }} replace>
                <b className="numbers">{clause.clause}</b> {titleOf(clause)}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <article className="paper-sheet">
        {sections.map(({ section, clauses }) => (
          <section key={section}>
            <h2>{t(`section.${section}`, { defaultValue: section })}</h2>
            {clauses.map((clause) => (
              <div key={clause.clause} className="clause" id={`clause-${clause.clause}`} data-clause={clause.clause}>
                {clause.clause && (
                  <h3>
                    <Link to={{ hash: `#${clause.clause}` }} replace className="clause-id">
                      {clause.clause}
                    </Link>{" "}
                    {titleOf(clause)}
                  </h3>
                )}
                <Statements clause={clause} tableShown={pictured.includes(clause.kind)} />
                {picture(bodies.get(clause.clause))}
              </div>
            ))}
          </section>
        ))}
      </article>
    </div>
  );
}

// The sections whose rows stand in a table or a picture of their own.
const pictured = ["tariff", "surcharges", "promise", "insurance", "rebates", "service"];

// Clauses under the heading they stand under in the document, in its order.
function grouped(clauses: ClauseWords[]): { section: string; clauses: ClauseWords[] }[] {
  const found: { section: string; clauses: ClauseWords[] }[] = [];
  for (const clause of clauses) {
    const same = found.find((one) => one.section === clause.kind);
    if (same) same.clauses.push(clause);
    else found.push({ section: clause.kind, clauses: [clause] });
  }
  return found;
}
