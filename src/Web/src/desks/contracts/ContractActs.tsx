import { Alert, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { useLoad } from "../../app/load";
import { isClient, may } from "../../app/rights";
import { instantOf, minorOf, scaled } from "../../format/entry";
import { day, hex } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { VersionReply, VersionSummary, VersionView } from "../../gen/kal/contracts/v1/contracts_pb";
import { accounts } from "../accounts/client";
import { ReasonField } from "../accounts/forms";
import { contracts, settled } from "./client";

// What may be written anew.
export const isWritable = (state: string) => state === "draft" || state === "rejected" || state === "withdrawn";

export type ContractAct = "propose" | "approve" | "reject" | "withdraw" | "announce" | "sign" | "amend" | "end";
interface Possible {
  kind: ContractAct;
  needs: Permission;
  main?: boolean;
  danger?: boolean;
}

const propose: Possible = { kind: "propose", needs: Permission.CONTRACT_EDIT, main: true };
const approve: Possible = { kind: "approve", needs: Permission.CONTRACT_APPROVE, main: true };
const reject: Possible = { kind: "reject", needs: Permission.CONTRACT_APPROVE, danger: true };
const withdraw: Possible = { kind: "withdraw", needs: Permission.CONTRACT_EDIT };
const announce: Possible = { kind: "announce", needs: Permission.CONTRACT_EDIT };
const sign: Possible = { kind: "sign", needs: Permission.CONTRACT_SIGN, main: true };
const amend: Possible = { kind: "amend", needs: Permission.CONTRACT_EDIT };
const end: Possible = { kind: "end", needs: Permission.CONTRACT_SIGN, danger: true };

// What a version's state leaves open; the server decides, and says why not.
export function possibleActs(state: string): Possible[] {
  switch (state) {
    case "draft":
      return [propose, announce, withdraw];
    case "proposed":
      return [approve, reject, announce, withdraw];
    case "approved":
      return [sign, announce, withdraw];
    case "signed":
    case "in_force":
    case "suspended":
      return [amend, end];
    default:
      return [];
  }
}

interface Props {
  act: ContractAct;
  data: VersionView;
  onDone: (version?: number) => void;
  onClose: () => void;
}

const needed = [{ required: true }];
const chinaTime = "Asia/Shanghai";

export function ContractDialog({ act, data, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const { contract, version } = data.summary as VersionSummary;
  const title = `${t(`contract.act_${act}`)} · ${contract} v${version}`;
  const ok = t(`contract.act_${act}`);
  const rest = { title, ok, onClose, onDone: () => onDone() };
  const named = { contract, version };
  switch (act) {
    case "propose":
      return (
        <FormDialog<{ parcels: number; revenue: string; margin: string; compensation: string; waiverDays: number; note: string }>
          {...rest}
          initial={{ compensation: "0", waiverDays: 0 }}
          run={async (values, commandId) => {
            const revenue = minorOf(values.revenue);
            const compensation = minorOf(values.compensation || "0");
            const margin = values.margin?.trim().replace(",", ".") ?? "";
            if (revenue === undefined) return { code: "not_an_amount", message: "", field: "revenue" };
            if (compensation === undefined) return { code: "not_an_amount", message: "", field: "compensation" };
            if (margin && scaled(margin, 4) === undefined) return { code: "not_a_percent", message: "", field: "margin" };
            const refused = settled(
              await contracts.propose({
                ...named,
                commandId,
                pricing: { parcelsAMonth: BigInt(values.parcels), revenueAMonthMinor: revenue, marginPercent: margin },
                compensationMinor: compensation,
                waiverDays: values.waiverDays ?? 0,
                note: values.note ?? "",
              }),
            );
            return refused && { ...refused, field: proposalFields[refused.field] ?? refused.field };
          }}
        >
          <p className="quiet-text">{t("contract.propose_hint")}</p>
          <div className="fields-2">
            <Form.Item name="parcels" label={t("contract.parcels_a_month")} rules={needed}>
              <InputNumber min={1} max={1_000_000_000} precision={0} style={{ width: "100%" }} autoFocus />
            </Form.Item>
            <Form.Item name="revenue" label={t("contract.revenue_a_month")} rules={needed}>
              <Input inputMode="decimal" />
            </Form.Item>
            <Form.Item name="margin" label={t("contract.margin")}>
              <Input inputMode="decimal" suffix="%" />
            </Form.Item>
            <Form.Item name="compensation" label={t("contract.compensation")}>
              <Input inputMode="decimal" />
            </Form.Item>
            <Form.Item name="waiverDays" label={t("contract.waiver_days")}>
              <InputNumber min={0} max={365} precision={0} style={{ width: "100%" }} />
            </Form.Item>
          </div>
          <Form.Item name="note" label={t("contract.note")}>
            <Input.TextArea rows={2} maxLength={1000} />
          </Form.Item>
        </FormDialog>
      );
    case "approve":
      return (
        <FormDialog<{ reason: string }>
          {...rest}
          run={async ({ reason }, commandId) => settled(await contracts.approve({ ...named, reason: reason ?? "", commandId }))}
        >
          <ReasonField required={false} hint={t("contract.approve_hint")} />
        </FormDialog>
      );
    case "reject":
    case "withdraw":
      return (
        <FormDialog<{ reason: string }>
          {...rest}
          danger
          run={async ({ reason }, commandId) =>
            settled(await (act === "reject" ? contracts.reject : contracts.withdraw)({ ...named, reason, commandId }))
          }
        >
          <ReasonField hint={t(`contract.${act}_hint`)} />
        </FormDialog>
      );
    case "announce":
      return (
        <FormDialog<{ at: string; reference: string }>
          {...rest}
          run={async ({ at, reference }, commandId) => {
            const when = at ? instantOf(at, chinaTime) : 0n;
            if (when === undefined) return { code: "not_a_day", message: "", field: "at" };
            const refused = settled(await contracts.announce({ ...named, announcedAtUs: when, reference, commandId }));
            return refused?.field === "announced_at_us" ? { ...refused, field: "at" } : refused;
          }}
        >
          <p className="quiet-text">{t("contract.announce_hint")}</p>
          <Form.Item name="reference" label={t("contract.announce_where")} rules={needed}>
            <Input autoFocus maxLength={300} />
          </Form.Item>
          <Form.Item name="at" label={t("contract.announce_when")} extra={t("contract.empty_is_now")}>
            <Input type="datetime-local" />
          </Form.Item>
        </FormDialog>
      );
    case "sign":
      return <SignDialog data={data} onDone={onDone} onClose={onClose} />;
    case "amend": {
      let made: number | undefined;
      return (
        <FormDialog<object>
          {...rest}
          onDone={() => onDone(made)}
          run={async (_, commandId) => {
            const reply: VersionReply = await contracts.amend({ contract, commandId });
            if (reply.answer.case === "version") made = reply.answer.value.summary?.version;
            return settled(reply);
          }}
        >
          <p>{t("contract.amend_hint", { contract })}</p>
        </FormDialog>
      );
    }
    case "end":
      return (
        <FormDialog<{ at: string; reason: string }>
          {...rest}
          danger
          run={async ({ at, reason }, commandId) => {
            const when = at ? instantOf(at, chinaTime) : 0n;
            if (when === undefined) return { code: "not_a_day", message: "", field: "at" };
            const refused = settled(await contracts.end({ ...named, endsAtUs: when, reason, commandId }));
            return refused?.field === "ends_at_us" ? { ...refused, field: "at" } : refused;
          }}
        >
          <ReasonField hint={t("contract.end_hint")} />
          <Form.Item name="at" label={t("contract.end_when")} extra={t("contract.empty_is_now")}>
            <Input type="datetime-local" />
          </Form.Item>
        </FormDialog>
      );
  }
}

const proposalFields: Record<string, string> = {
  "pricing.parcels_a_month": "parcels",
  "pricing.revenue_a_month_minor": "revenue",
  "pricing.margin_percent": "margin",
  compensation_minor: "compensation",
};

// What is signed is shown whole: number, days, clauses, and the hash of the very text that was read. It asks once more, because nothing takes it back.
function SignDialog({ data, onDone, onClose }: Omit<Props, "act">) {
  const { t } = useTranslation();
  const one = data.summary as VersionSummary;
  const account = useLoad(one.account, async () =>
    may(Permission.ACCOUNT_READ) && !isClient() ? (await accounts.read({ account: one.account, historySize: 1 })).contacts : [],
  );
  const signers = (account.data ?? []).filter((contact) => contact.signs);
  return (
    <FormDialog<{ clientContact: string; sure: boolean }>
      title={`${t("contract.act_sign")} · ${one.contract} v${one.version}`}
      ok={t("contract.sign_for_good")}
      width={640}
      run={async ({ clientContact }, commandId) =>
        settled(await contracts.sign({ contract: one.contract, version: one.version, hash: one.hash, clientContact, commandId }))
      }
      onDone={() => onDone()}
      onClose={onClose}
    >
      <dl className="signed-what">
        <dt>{t("contract.contract")}</dt>
        <dd className="numbers">
          {one.contract} v{one.version} · {one.account}
        </dd>
        <dt>{t("contract.holds")}</dt>
        <dd className="numbers">
          {one.effectiveFromUs ? day(one.effectiveFromUs) : t("contract.open_start")} –{" "}
          {one.effectiveUntilUs ? day(one.effectiveUntilUs) : t("contract.open_end")}
        </dd>
        <dt>{t("contract.clauses")}</dt>
        <dd>
          {data.clauses
            .map((clause) => clause.clause)
            .filter(Boolean)
            .join(t("list.comma"))}
        </dd>
        <dt>{t("contract.hash")}</dt>
        <dd className="mono">{hex(one.hash)}</dd>
      </dl>
      {data.raisedClauses.length > 0 && (
        <Alert type="warning" showIcon title={t("contract.raises", { clauses: data.raisedClauses.join(t("list.comma")) })} />
      )}
      <Form.Item name="clientContact" label={t("contract.who_signs")} extra={t("contract.who_signs_hint")} rules={needed}>
        {signers.length > 0 ? (
          <Select
            options={signers.map((contact) => ({ value: contact.id, label: `${contact.name || contact.id} · ${contact.position}` }))}
          />
        ) : (
          <Input maxLength={64} />
        )}
      </Form.Item>
      <Form.Item
        name="sure"
        valuePropName="checked"
        rules={[{ validator: (_, value) => (value ? Promise.resolve() : Promise.reject(new Error(t("contract.sure_needed")))) }]}
      >
        <Checkbox>{t("contract.sure")}</Checkbox>
      </Form.Item>
    </FormDialog>
  );
}
