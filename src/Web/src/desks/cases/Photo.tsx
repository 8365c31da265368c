import { Alert, Image, Input, Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "../../app/faults";
import { isClient, may } from "../../app/rights";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { EvidenceItem } from "../../gen/kal/cases/v1/history_pb";
import { parcels } from "../parcel/client";
import { cases } from "./client";

// A photo is fetched when somebody wants to see it. The client sees those of its own case; the carrier's people say why, and that is kept.
export function Photo({ caseId, item }: { caseId: string; item: EvidenceItem }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const client = isClient();
  const load = async () => {
    setBusy(true);
    setProblem("");
    try {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      const down = client
        ? cases.photo({ caseId, eventId: item.eventId })
        : parcels.getEvidence({ eventId: item.eventId, reason: reason.trim() });
      for await (const part of down) parts.push(part.content as Uint8Array<ArrayBuffer>);
      setUrl(URL.createObjectURL(new Blob(parts, { type: item.mediaType || "image/jpeg" })));
      setAsking(false);
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  if (url) return <Image src={url} width={160} alt={item.subject} />;
  const name = t("case.photo", { subject: t(`photo.${item.subject}`, { defaultValue: item.subject || item.mediaType }) });
  if (!client && !may(Permission.PERSONAL_REVEAL)) return null;
  return (
    <>
      <button type="button" className="photo" onClick={() => (client ? void load() : setAsking(true))} disabled={busy}>
        {problem || name}
      </button>
      {asking && (
        <Modal
          open
          title={name}
          okText={t("case.photo_show")}
          cancelText={t("act.cancel")}
          okButtonProps={{ disabled: !reason.trim(), loading: busy }}
          onOk={() => void load()}
          onCancel={() => setAsking(false)}
        >
          <p>{t("case.photo_hint")}</p>
          <Input
            autoFocus
            value={reason}
            maxLength={200}
            aria-label={t("case.photo_reason")}
            placeholder={t("case.photo_reason")}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={() => reason.trim() && void load()}
          />
          {problem && <Alert style={{ marginTop: 12 }} type="error" showIcon title={problem} role="alert" />}
        </Modal>
      )}
    </>
  );
}
