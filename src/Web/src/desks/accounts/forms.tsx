import { Button, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { PersonSelect } from "../../app/Person";
import type { GroupMember } from "../../gen/kal/contracts/v1/accounts_pb";

export interface CreateValues {
  account: string;
  nameZh: string;
  nameEn: string;
  grade: string;
  ownership: string;
  owner: string;
}

const owners = ["KeyAccountManager", "SalesManager", "AreaSales"];
const needed = [{ required: true }];
const ownerships = ["state", "private", "foreign", "joint", "government"];
const relationships = ["incubation", "initial", "stable", "strategic"];
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

export function CreateFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="account" label={t("account.code")} extra={t("account.code_hint")} rules={needed}>
        <Input autoFocus maxLength={40} />
      </Form.Item>
      <HeadFields />
      <Form.Item name="owner" label={t("account.owner")} extra={t("account.owner_hint")}>
        <PersonSelect roles={owners} />
      </Form.Item>
    </>
  );
}

export function HeadFields() {
  const { t } = useTranslation();
  return (
    <>
      <div className="fields-2">
        <Form.Item name="nameZh" label={t("account.name_zh")} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="nameEn" label={t("account.name_en")} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <div className="fields-2">
        <Form.Item name="grade" label={t("account.grade")}>
          <Select options={["A", "B", "C"].map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="ownership" label={t("account.ownership")}>
          <Select options={ownerships.map((value) => ({ value, label: t(`ownership.${value}`) }))} />
        </Form.Item>
      </div>
    </>
  );
}

export function CreditFields() {
  const { t } = useTranslation();
  return (
    <div className="fields-2">
      <Form.Item name="limit" label={t("account.credit_limit")} extra={t("account.credit_hint")}>
        <Input inputMode="decimal" />
      </Form.Item>
      <Form.Item name="creditCurrency" label={t("account.currency")}>
        <Input maxLength={3} />
      </Form.Item>
    </div>
  );
}

// The fields of the record's parts, in their order: what is long gets more room.
const recordFields: Record<string, { name: string; long?: boolean; kind?: "number" | "check" | "relationship" | "day" }[]> = {
  basic: [
    { name: "address", long: true },
    { name: "switchboard" },
    { name: "fax" },
    { name: "bank" },
    { name: "bankAccount" },
    { name: "industry" },
    { name: "website" },
  ],
  business: [
    { name: "products", long: true },
    { name: "plans", long: true },
    { name: "parcelsAMonth", kind: "number" },
    { name: "fiscalYearFrom" },
    { name: "rivals" },
    { name: "buyingStep" },
  ],
  logistic: [
    { name: "goesFirst", kind: "check" },
    { name: "packing" },
    { name: "pickupNotes", long: true },
    { name: "deliveryNotes", long: true },
    { name: "systems" },
  ],
  trading: [
    { name: "tradingSince", kind: "day" },
    { name: "relationship", kind: "relationship" },
    { name: "supplierRating" },
    { name: "notes", long: true },
  ],
};

export function RecordFields() {
  const { t } = useTranslation();
  return (
    <>
      {Object.entries(recordFields).map(([part, fields]) => (
        <fieldset key={part}>
          <legend>{t(`record.${part}.title`)}</legend>
          <div className="fields-2">
            {fields.map(({ name, long, kind }) => (
              <Form.Item
                key={name}
                name={["record", part, name]}
                label={kind === "check" ? undefined : t(`record.${part}.${name}`)}
                className={long ? "wide" : ""}
                {...(kind === "check" ? { valuePropName: "checked" } : {})}
                {...(kind === "day" ? { rules: [{ pattern: dayPattern, message: t("account.day_shape") }] } : {})}
              >
                {kind === "check" ? (
                  <Checkbox>{t(`record.${part}.${name}`)}</Checkbox>
                ) : kind === "number" ? (
                  <InputNumber min={0} max={1_000_000_000} precision={0} style={{ width: "100%" }} />
                ) : kind === "relationship" ? (
                  <Select allowClear options={relationships.map((value) => ({ value, label: t(`relationship.${value}`) }))} />
                ) : long ? (
                  <Input.TextArea rows={1} maxLength={2000} />
                ) : (
                  <Input maxLength={200} placeholder={kind === "day" ? "2026-01-31" : ""} />
                )}
              </Form.Item>
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}

export function SiteFields({ known }: { known: boolean }) {
  const { t } = useTranslation();
  const days = [1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`weekday.${value}`) }));
  return (
    <>
      <div className="fields-2">
        <Form.Item name={["site", "code"]} label={t("account.site_code")} rules={needed}>
          <Input disabled={known} maxLength={40} autoFocus={!known} />
        </Form.Item>
        <Form.Item name={["site", "name"]} label={t("account.site_name")} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name={["site", "address"]} label={t("account.address")} className="wide">
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name={["site", "place"]} label={t("account.place")} extra={t("account.place_hint")}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name={["site", "depot"]} label={t("account.depot")}>
          <Input maxLength={40} />
        </Form.Item>
      </div>
      <b>{t("account.windows")}</b>
      <Form.List name="hours">
        {(rows, { add, remove }) => (
          <>
            {rows.map((row) => (
              <div key={row.key} className="window-row">
                <Form.Item name={[row.name, "days"]} rules={needed}>
                  <Checkbox.Group options={days} />
                </Form.Item>
                <span className="window-hours">
                  <Form.Item name={[row.name, "from"]} rules={needed}>
                    <Input type="time" aria-label={t("account.from")} />
                  </Form.Item>
                  –
                  <Form.Item name={[row.name, "until"]} rules={needed}>
                    <Input type="time" aria-label={t("account.until")} />
                  </Form.Item>
                  <Button onClick={() => remove(row.name)}>{t("common.remove")}</Button>
                </span>
              </div>
            ))}
            <Button onClick={() => add({ days: [1, 2, 3, 4, 5], from: "17:00", until: "18:00" })}>{t("account.window_add")}</Button>
          </>
        )}
      </Form.List>
      <Form.Item name={["site", "closed"]} valuePropName="checked" style={{ marginTop: 16 }}>
        <Checkbox>{t("account.site_closed")}</Checkbox>
      </Form.Item>
    </>
  );
}

export function ContactFields() {
  const { t } = useTranslation();
  const consent = Form.useWatch("consent") as string | undefined;
  return (
    <>
      <div className="fields-2">
        <Form.Item name="level" label={t("account.level")} rules={needed}>
          <Select options={["c_level", "manager", "operator"].map((value) => ({ value, label: t(`level.${value}`) }))} />
        </Form.Item>
        <Form.Item name="position" label={t("account.position")}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <Form.Item name="signs" valuePropName="checked">
        <Checkbox>{t("account.signs_hint")}</Checkbox>
      </Form.Item>
      <Form.Item name="consent" label={t("account.consent")} extra={t("account.consent_hint")}>
        <Select options={["none", "contact", "personal"].map((value) => ({ value, label: t(`consent.${value}`) }))} />
      </Form.Item>
      {consent && consent !== "none" && (
        <>
          <Form.Item name="consentHow" label={t("account.consent_how")} rules={needed}>
            <Input maxLength={200} />
          </Form.Item>
          <div className="fields-2">
            <Form.Item name={["details", "name"]} label={t("contact.name")}>
              <Input maxLength={100} />
            </Form.Item>
            <Form.Item name={["details", "phone"]} label={t("contact.phone")}>
              <Input maxLength={40} />
            </Form.Item>
            <Form.Item name={["details", "email"]} label={t("contact.email")}>
              <Input maxLength={100} />
            </Form.Item>
            {consent === "personal" && (
              <>
                <Form.Item
                  name={["details", "birthday"]}
                  label={t("contact.birthday")}
                  rules={[{ pattern: dayPattern, message: t("account.day_shape") }]}
                >
                  <Input placeholder="1980-01-31" />
                </Form.Item>
                <Form.Item name={["details", "interests"]} label={t("contact.interests")}>
                  <Input maxLength={200} />
                </Form.Item>
              </>
            )}
          </div>
        </>
      )}
    </>
  );
}

export const handoverList = ["contacts", "contracts", "open_cases", "promises", "visits"];

export function OwnerFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="person" label={t("account.new_owner")} rules={needed}>
        <PersonSelect roles={owners} />
      </Form.Item>
      <Form.Item name="reason" label={t("account.reason")} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="handedOver" label={t("account.handover_list")} extra={t("account.handover_hint")}>
        <Checkbox.Group className="column" options={handoverList.map((value) => ({ value, label: t(`handover_item.${value}`) }))} />
      </Form.Item>
    </>
  );
}

export type Member = Pick<GroupMember, "level" | "person" | "duty" | "escalation">;

export function GroupFields() {
  const { t } = useTranslation();
  return (
    <Form.List name="members">
      {(rows, { add, remove }) => (
        <>
          {rows.map((row) => (
            <div key={row.key} className="member-row">
              <Form.Item name={[row.name, "level"]} label={t("account.group_level")}>
                <Select options={[1, 2].map((value) => ({ value, label: t(`account.level_${value}`) }))} />
              </Form.Item>
              <Form.Item name={[row.name, "person"]} label={t("account.person")} rules={needed}>
                <PersonSelect />
              </Form.Item>
              <Form.Item name={[row.name, "duty"]} label={t("account.duty")}>
                <Input maxLength={100} />
              </Form.Item>
              <Form.Item name={[row.name, "escalation"]} label={t("account.told")}>
                <InputNumber min={1} max={9} precision={0} />
              </Form.Item>
              <Button onClick={() => remove(row.name)}>{t("common.remove")}</Button>
            </div>
          ))}
          <Button onClick={() => add({ level: 2, escalation: rows.length + 1, duty: "" })}>{t("account.member_add")}</Button>
        </>
      )}
    </Form.List>
  );
}

export function AgreementFields() {
  const { t } = useTranslation();
  const rules = [{ required: true, pattern: dayPattern, message: t("account.day_shape") }];
  return (
    <>
      <p className="quiet-text">{t("account.agreement_law")}</p>
      <Form.Item name="number" label={t("account.agreement_number")} rules={needed}>
        <Input autoFocus maxLength={60} />
      </Form.Item>
      <div className="fields-2">
        <Form.Item name="signed" label={t("account.signed_on")} rules={rules}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="until" label={t("account.holds_until")} rules={rules}>
          <Input type="date" />
        </Form.Item>
      </div>
    </>
  );
}

export function IdentityFields() {
  const { t } = useTranslation();
  return (
    <>
      <p className="quiet-text">{t("account.identity_law")}</p>
      <Form.Item name="creditCode" label={t("account.credit_code")} extra={t("account.credit_code_hint")} rules={needed}>
        <Input autoFocus maxLength={18} />
      </Form.Item>
      <Form.Item name="document" label={t("account.document_seen")} extra={t("account.document_hint")}>
        <Select options={["id_card", "passport", "other"].map((value) => ({ value, label: t(`document.${value}`) }))} />
      </Form.Item>
    </>
  );
}

export function ScopeFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="scope" label={t("account.scope")}>
        <Select options={["local", "provincial", "national"].map((value) => ({ value, label: t(`scope.${value}`) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t("account.reason")} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
    </>
  );
}

export function ReasonField({ required = true, hint }: { required?: boolean; hint?: string }) {
  const { t } = useTranslation();
  return (
    <>
      {hint && <p>{hint}</p>}
      <Form.Item name="reason" label={t("account.reason")} rules={required ? needed : []}>
        <Input autoFocus maxLength={200} />
      </Form.Item>
    </>
  );
}
