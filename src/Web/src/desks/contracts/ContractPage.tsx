import { Alert, Button, Card, Spin, Tabs, Tag, Typography } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router-dom";
import { useLoad } from "../../app/load";
import "./contracts.css";
import { Person } from "../../app/Person";
import { Answered, Figure } from "../../app/Pieces";
import { may } from "../../app/rights";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { day, hex, minute, shortHash } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { VersionSummary, VersionView } from "../../gen/kal/contracts/v1/contracts_pb";
import { type ContractAct, ContractDialog, isWritable, possibleActs } from "./ContractActs";
import { contracts } from "./client";
import { StateTag } from "./StateTag";
import { VersionBand } from "./VersionBand";
import { VersionHistory } from "./VersionHistory";

const Reader = lazy(() => import("./Reader"));
const DiffView = lazy(() => import("./DiffView"));

// One version of a contract: what it says, how it came about, what differs from the others, and what may be done with it now.
export default function ContractPage() {
  const { contract = "", version: wanted = "0" } = useParams();
  const { t } = useTranslation();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [act, setAct] = useState<ContractAct>();
  const version = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  const view = useLoad(`${contract}/${version}`, () => contracts.read({ contract, version }), t("contract.unknown", { contract }));
  const all = useLoad(contract, async () => (await contracts.list({ contract, pageSize: 200 })).versions);
  useTitle(view.data?.summary ? `${contract} v${view.data.summary.version}` : contract);
  const tab = query.get("tab") ?? "read";
  const others = all.data ?? [];
  return (
    <Answered of={view} back={<Link to="/contracts">{t("nav.contracts")}</Link>}>
      {(data) => (
        <>
          <Head data={data} onAct={setAct} onEdit={() => go(`/contracts/write?contract=${contract}&version=${data.summary?.version}`)} />
          {others.length > 0 && <VersionBand versions={others} shown={data.summary?.version ?? 0} nowMs={Date.now()} />}
          <Tabs
            activeKey={tab}
            onChange={(key) => setQuery(key === "read" ? {} : { tab: key }, { replace: true })}
            items={[
              {
                key: "read",
                label: t("contract.tab_read"),
                children: (
                  <div className="reader-grid">
                    <Suspense fallback={<Spin className="waiting" />}>
                      <Reader view={data} />
                    </Suspense>
                    <aside>
                      <Card size="small" title={t("contract.life")}>
                        <VersionHistory events={data.history} />
                      </Card>
                    </aside>
                  </div>
                ),
              },
              {
                key: "diff",
                label: t("contract.tab_diff"),
                disabled: others.length < 2,
                children: (
                  <Suspense fallback={<Spin className="waiting" />}>
                    <DiffView contract={contract} versions={others} shown={data.summary?.version ?? 0} />
                  </Suspense>
                ),
              },
              {
                key: "life",
                label: t("contract.life"),
                children: (
                  <Card size="small">
                    <VersionHistory events={data.history} />
                  </Card>
                ),
              },
              {
                key: "document",
                label: t("contract.tab_document"),
                children: <DocumentText data={data} />,
              },
            ]}
          />
          {act && (
            <ContractDialog
              act={act}
              data={data}
              onDone={(next) => {
                setAct(undefined);
                all.again();
                if (next !== undefined && next !== data.summary?.version) go(`/contracts/${encodeURIComponent(contract)}/${next}`);
                else view.again();
              }}
              onClose={() => setAct(undefined)}
            />
          )}
        </>
      )}
    </Answered>
  );
}

function Head({ data, onAct, onEdit }: { data: VersionView; onAct: (act: ContractAct) => void; onEdit: () => void }) {
  const { t } = useTranslation();
  const one = data.summary as VersionSummary;
  return (
    <>
      <p className="crumbs">
        <Link to="/contracts">{t("nav.contracts")}</Link> /{" "}
        {may(Permission.ACCOUNT_READ) ? <Link to={`/accounts/${encodeURIComponent(one.account)}`}>{one.account}</Link> : one.account}
      </p>
      <div className="title-row">
        <h1 className="desk-title numbers">
          {one.contract} v{one.version} <StateTag state={one.state} />
        </h1>
        <span className="states">
          {isWritable(one.state) && may(Permission.CONTRACT_EDIT) && <Button onClick={onEdit}>{t("contract.act_edit")}</Button>}
          {possibleActs(one.state)
            .filter((act) => may(act.needs))
            .map((act) => (
              <Button
                key={act.kind}
                type={act.main ? "primary" : "default"}
                danger={act.danger ?? false}
                onClick={() => onAct(act.kind)}
                data-act={act.kind}
              >
                {t(`contract.act_${act.kind}`)}
              </Button>
            ))}
        </span>
      </div>
      {one.awaiting && (
        <Alert type="info" showIcon style={{ marginBottom: 12 }} title={t("contract.awaits", { role: t(`role.${one.awaiting}`) })} />
      )}
      {one.state === "suspended" && <Alert type="error" showIcon style={{ marginBottom: 12 }} title={t("contract.suspended")} />}
      {data.raisedClauses.length > 0 && !["in_force", "superseded", "ended"].includes(one.state) && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t("contract.raises", { clauses: data.raisedClauses.join(t("list.comma")) })}
          description={one.announcedAtUs ? t("contract.announced", { at: day(one.announcedAtUs) }) : t("contract.announce_first")}
        />
      )}
      <div className="figures">
        <Figure label={t("contract.holds")}>
          {one.effectiveFromUs ? day(one.effectiveFromUs) : t("contract.open_start")} –{" "}
          {one.effectiveUntilUs ? day(one.effectiveUntilUs) : t("contract.open_end")}
        </Figure>
        <Figure label={t("contract.signed_on")} hint={data.signedBy ? <Signed data={data} /> : t("contract.not_signed")}>
          {one.signedAtUs ? minute(one.signedAtUs, language()) : "–"}
        </Figure>
        <Figure label={t("contract.hash")} hint={t("contract.hash_hint")}>
          <Typography.Text copyable={{ text: hex(one.hash) }} className="mono">
            {shortHash(one.hash)}…
          </Typography.Text>
        </Figure>
        <Figure label={t("contract.proposed_by")}>
          <Person id={one.proposedBy} />
        </Figure>
      </div>
    </>
  );
}

function Signed({ data }: { data: VersionView }) {
  const { t } = useTranslation();
  return (
    <>
      <Person id={data.signedBy} /> · {t("contract.for_client")} <span className="mono">{data.signedForClient}</span>
    </>
  );
}

function DocumentText({ data }: { data: VersionView }) {
  const { t } = useTranslation();
  const one = data.summary as VersionSummary;
  const download = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([data.document], { type: "application/yaml" }));
    link.download = `${one.contract}-v${one.version}.contract.yaml`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <div className="toolbar">
        <Button onClick={download}>{t("contract.download")}</Button>
        <Tag className="mono">SHA-256 {hex(one.hash)}</Tag>
      </div>
      <pre className="raw document">{data.document}</pre>
    </>
  );
}
