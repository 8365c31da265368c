import type { MessageInitShape } from "@bufbuild/protobuf";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { minorOf, typed } from "../../format/entry";
import type { AccountRecordSchema, AccountView, ContactView, SiteView } from "../../gen/kal/contracts/v1/accounts_pb";
import { accounts, settled } from "./client";
import {
  AgreementFields,
  ContactFields,
  CreditFields,
  GroupFields,
  HeadFields,
  IdentityFields,
  type Member,
  OwnerFields,
  ReasonField,
  RecordFields,
  ScopeFields,
  SiteFields,
} from "./forms";
import { byDay, byHours } from "./week";

export type Act =
  | { kind: "edit" | "record" | "owner" | "group" | "agreement" | "identity" | "scope" }
  | { kind: "site"; site?: SiteView }
  | { kind: "contact"; contact?: ContactView }
  | { kind: "withdraw_consent"; contact: ContactView }
  | { kind: "decide_scope"; approved: boolean };

interface Props {
  act: Act;
  data: AccountView;
  onDone: () => void;
  onClose: () => void;
}

type RecordInit = MessageInitShape<typeof AccountRecordSchema>;
interface HeadValues {
  nameZh: string;
  nameEn: string;
  grade: string;
  ownership: string;
  limit: string;
  creditCurrency: string;
}
interface SiteValues {
  site: { code: string; name: string; place: string; address: string; depot: string; closed: boolean };
  hours: { days: number[]; from: string; until: string }[];
}
interface ContactValues {
  level: string;
  position: string;
  signs: boolean;
  consent: string;
  consentHow: string;
  details: { name: string; phone: string; email: string; birthday: string; interests: string };
}

// Every act on an account's record: one dialog at a time.
export function AccountDialog({ act, data, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const account = data.summary?.account ?? "";
  const rest = { onDone, onClose };
  switch (act.kind) {
    case "edit":
      return <EditHead data={data} {...rest} />;
    case "record":
      return (
        <FormDialog<{ record: RecordInit }>
          title={t("account.the_record")}
          ok={t("common.save")}
          width={860}
          initial={{ record: recordValues(data) }}
          run={async ({ record }, commandId) =>
            settled(await accounts.edit({ ...head(data), record: recordInit(record), revision: data.revision, account, commandId }))
          }
          {...rest}
        >
          <RecordFields />
        </FormDialog>
      );
    case "site": {
      const site = act.site;
      return (
        <FormDialog<SiteValues>
          title={site ? t("account.site_edit", { site: site.name || site.code }) : t("account.site_new")}
          ok={t("common.save")}
          width={680}
          initial={
            site
              ? {
                  site: {
                    code: site.code,
                    name: site.name,
                    place: site.place,
                    address: site.address,
                    depot: site.depot,
                    closed: site.closed,
                  },
                  hours: byHours(site.windows),
                }
              : { hours: [{ days: [1, 2, 3, 4, 5], from: "17:00", until: "18:00" }] }
          }
          run={async (values, commandId) =>
            settled(await accounts.putSite({ account, site: { ...values.site, windows: byDay(values.hours ?? []) }, commandId }))
          }
          {...rest}
        >
          <SiteFields known={site !== undefined} />
        </FormDialog>
      );
    }
    case "contact": {
      const contact = act.contact;
      return (
        <FormDialog<ContactValues>
          title={contact ? t("account.contact_edit") : t("account.contact_new")}
          ok={t("common.save")}
          width={640}
          initial={
            contact
              ? {
                  level: contact.level,
                  position: contact.position,
                  signs: contact.signs,
                  consent: contact.consent === "withdrawn" ? "none" : contact.consent,
                }
              : { level: "manager", consent: "none" }
          }
          run={async (values, commandId) => {
            const consented = values.consent !== "none";
            return settled(
              await accounts.putContact({
                account,
                contact: contact?.id ?? "",
                level: values.level,
                position: values.position ?? "",
                signs: values.signs ?? false,
                consent: values.consent,
                commandId,
                ...(consented ? { consentHow: values.consentHow, details: values.details ?? {} } : {}),
              }),
            );
          }}
          {...rest}
        >
          {contact && <p className="quiet-text">{t("account.contact_retype")}</p>}
          <ContactFields />
        </FormDialog>
      );
    }
    case "withdraw_consent":
      return (
        <FormDialog<{ reason: string }>
          title={t("account.withdraw_title")}
          ok={t("account.withdraw")}
          danger
          run={async ({ reason }, commandId) =>
            settled(await accounts.withdrawConsent({ account, contact: act.contact.id, reason, commandId }))
          }
          {...rest}
        >
          <ReasonField hint={t("account.withdraw_hint")} />
        </FormDialog>
      );
    case "owner":
      return (
        <FormDialog<{ person: string; reason: string; handedOver: string[] }>
          title={t("account.hand_over_title")}
          ok={t("account.hand_over")}
          run={async (values, commandId) =>
            settled(await accounts.changeOwner({ account, ...values, handedOver: values.handedOver ?? [], commandId }))
          }
          {...rest}
        >
          <OwnerFields />
        </FormDialog>
      );
    case "group":
      return (
        <FormDialog<{ members: Member[] }>
          title={t("account.group")}
          ok={t("common.save")}
          width={820}
          initial={{ members: data.group.map(({ level, person, duty, escalation }) => ({ level, person, duty, escalation })) }}
          run={async ({ members }, commandId) => settled(await accounts.setProjectGroup({ account, members: members ?? [], commandId }))}
          {...rest}
        >
          <GroupFields />
        </FormDialog>
      );
    case "agreement":
      return (
        <FormDialog<{ number: string; signed: string; until: string }>
          title={t("account.agreement")}
          ok={t("account.record")}
          run={async (values, commandId) => settled(await accounts.putAgreement({ account, ...values, commandId }))}
          {...rest}
        >
          <AgreementFields />
        </FormDialog>
      );
    case "identity":
      return (
        <FormDialog<{ creditCode: string; document: string }>
          title={t("account.identity")}
          ok={t("account.record")}
          initial={{ document: "id_card", creditCode: data.identity?.creditCode ?? "" }}
          run={async (values, commandId) => settled(await accounts.putIdentity({ account, ...values, commandId }))}
          {...rest}
        >
          <IdentityFields />
        </FormDialog>
      );
    case "scope":
      return (
        <FormDialog<{ scope: string; reason: string }>
          title={t("account.ask_scope")}
          ok={t("account.ask")}
          initial={{ scope: data.summary?.scope === "provincial" ? "national" : "provincial" }}
          run={async (values, commandId) => settled(await accounts.askScope({ account, ...values, commandId }))}
          {...rest}
        >
          <ScopeFields />
        </FormDialog>
      );
    case "decide_scope":
      return (
        <FormDialog<{ reason: string }>
          title={t(act.approved ? "account.scope_approve" : "account.scope_refuse", {
            scope: t(`scope.${data.scopeAsked}`, { defaultValue: data.scopeAsked }),
          })}
          ok={t(act.approved ? "account.approve" : "account.refuse")}
          danger={!act.approved}
          run={async ({ reason }, commandId) =>
            settled(await accounts.decideScope({ account, approved: act.approved, reason: reason ?? "", commandId }))
          }
          {...rest}
        >
          <ReasonField required={!act.approved} />
        </FormDialog>
      );
  }
}

// What an edit of one part leaves as it is.
function head(data: AccountView) {
  const one = data.summary;
  return {
    nameZh: one?.nameZh ?? "",
    nameEn: one?.nameEn ?? "",
    grade: one?.grade ?? "",
    ownership: one?.ownership ?? "",
    creditLimitMinor: data.creditLimitMinor,
    creditCurrency: data.creditCurrency,
  };
}

function EditHead({ data, onDone, onClose }: Omit<Props, "act">) {
  const { t } = useTranslation();
  const account = data.summary?.account ?? "";
  const { creditLimitMinor, ...initial } = head(data);
  return (
    <FormDialog<HeadValues>
      title={t("account.edit")}
      ok={t("common.save")}
      initial={{
        ...initial,
        creditCurrency: initial.creditCurrency || "CNY",
        limit: creditLimitMinor < 0n ? "" : typed(creditLimitMinor, 2),
      }}
      run={async ({ limit, ...values }, commandId) => {
        const minor = limit?.trim() ? minorOf(limit) : -1n;
        if (minor === undefined) return { code: "not_an_amount", message: "", field: "limit" };
        return settled(await accounts.edit({ ...values, creditLimitMinor: minor, revision: data.revision, account, commandId }));
      }}
      onDone={onDone}
      onClose={onClose}
    >
      <HeadFields />
      <CreditFields />
    </FormDialog>
  );
}

function recordValues(data: AccountView): RecordInit {
  const part = (fields: object | undefined) =>
    Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !name.startsWith("$"))) as Record<string, unknown>;
  const business = part(data.record?.business);
  return {
    basic: part(data.record?.basic),
    // The form's number field knows no 64-bit integers; a month's parcels fit it.
    business: { ...business, parcelsAMonth: business.parcelsAMonth ? Number(business.parcelsAMonth) : undefined },
    logistic: part(data.record?.logistic),
    trading: part(data.record?.trading),
  } as unknown as RecordInit;
}

function recordInit(record: RecordInit): RecordInit {
  const text = (part: object | undefined) => Object.fromEntries(Object.entries(part ?? {}).map(([name, value]) => [name, value ?? ""]));
  const business = text(record.business as object);
  return {
    basic: text(record.basic as object),
    business: { ...business, parcelsAMonth: BigInt(Number(business.parcelsAMonth || 0)) },
    logistic: { ...text(record.logistic as object), goesFirst: Boolean((record.logistic as { goesFirst?: boolean })?.goesFirst) },
    trading: text(record.trading as object),
  } as RecordInit;
}
