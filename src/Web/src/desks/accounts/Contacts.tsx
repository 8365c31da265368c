import { Alert, Button, Card, Descriptions, Input, Modal, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "../../app/faults";
import { may } from "../../app/rights";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { ContactDetails, ContactView } from "../../gen/kal/contracts/v1/accounts_pb";
import { ActButton, type OnAct } from "./AccountPage";
import { accounts } from "./client";

const levels = ["c_level", "manager", "operator"];
const consentColour: Record<string, string> = { personal: "green", contact: "green", none: "default", withdrawn: "red" };

// The client's people by level, masked; in full only by an act that says why. A level without anybody is seen at once (SEED-01-MULTI).
export function Contacts({
  account,
  contacts,
  onAct,
  onChanged,
}: {
  account: string;
  contacts: ContactView[];
  onAct: OnAct;
  onChanged: () => void;
}) {
  const { t } = useTranslation();
  const [reveal, setReveal] = useState<ContactView>();
  return (
    <Card
      size="small"
      title={t("account.contacts")}
      data-card="contacts"
      extra={
        <ActButton onAct={onAct} act={{ kind: "contact" }}>
          {t("account.contact_new")}
        </ActButton>
      }
    >
      {levels.map((level) => {
        const people = contacts.filter((one) => one.level === level);
        return (
          <div key={level} className="contact-level">
            <h3>{t(`level.${level}`)}</h3>
            {people.length === 0 && <Tag color="orange">{t("account.level_empty")}</Tag>}
            {people.map((one) => (
              <div key={one.id} className="contact">
                <span>
                  <b>{one.name || t("account.no_name")}</b> {one.position && <span className="quiet-text">{one.position}</span>}{" "}
                  {one.signs && <Tag color="blue">{t("account.signs")}</Tag>}
                  <Tag color={consentColour[one.consent]}>{t(`consent.${one.consent}`, { defaultValue: one.consent })}</Tag>
                  <div className="numbers quiet-text">{[one.phone, one.email].filter(Boolean).join(" · ")}</div>
                </span>
                <span className="contact-acts">
                  {may(Permission.PERSONAL_REVEAL) && one.consent !== "none" && one.consent !== "withdrawn" && (
                    <Button size="small" onClick={() => setReveal(one)} data-act="reveal">
                      {t("account.reveal")}
                    </Button>
                  )}
                  <ActButton onAct={onAct} act={{ kind: "contact", contact: one }}>
                    {t("account.edit")}
                  </ActButton>
                  {one.consent !== "none" && one.consent !== "withdrawn" && (
                    <ActButton onAct={onAct} act={{ kind: "withdraw_consent", contact: one }}>
                      {t("account.withdraw")}
                    </ActButton>
                  )}
                </span>
              </div>
            ))}
          </div>
        );
      })}
      <p className="quiet-text">{t("account.masked")}</p>
      {reveal && (
        <Reveal
          account={account}
          contact={reveal}
          onClose={() => {
            setReveal(undefined);
            onChanged();
          }}
        />
      )}
    </Card>
  );
}

function Reveal({ account, contact, onClose }: { account: string; contact: ContactView; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [details, setDetails] = useState<ContactDetails>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    setProblem("");
    try {
      setDetails(await accounts.revealContact({ account, contact: contact.id, reason: reason.trim() }));
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t("account.reveal_title", { name: contact.name || contact.position })}
      okText={t(details ? "act.close" : "account.reveal")}
      cancelText={t("act.cancel")}
      okButtonProps={{ disabled: !details && !reason.trim(), loading: busy }}
      cancelButtonProps={details ? { style: { display: "none" } } : {}}
      onOk={() => (details ? onClose() : void ask())}
      onCancel={onClose}
    >
      {!details && (
        <>
          <p>{t("account.reveal_hint")}</p>
          <Input
            autoFocus
            value={reason}
            maxLength={200}
            aria-label={t("account.reason")}
            placeholder={t("account.reveal_reason")}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={() => reason.trim() && void ask()}
          />
        </>
      )}
      {details && (
        <Descriptions
          size="small"
          column={1}
          bordered
          items={(["name", "phone", "email", "birthday", "interests"] as const)
            .filter((field) => details[field])
            .map((field) => ({ key: field, label: t(`contact.${field}`), children: details[field] }))}
        />
      )}
      {problem && <Alert style={{ marginTop: 12 }} type="error" showIcon title={problem} role="alert" />}
    </Modal>
  );
}
