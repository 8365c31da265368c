import { Alert, Descriptions, Drawer } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "../../app/faults";
import { language } from "../../app/texts";
import { frameLines, hex, hexDump, instant } from "../../format/figures";
import type { RawEvent } from "../../gen/kal/custody/v1/custody_pb";
import { parcels } from "./client";

// Down to the bytes a device sent, and to the fact's place in its source's hash chain.
export function RawEventDrawer({ eventId, onClose }: { eventId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [raw, setRaw] = useState<RawEvent>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    setRaw(undefined);
    setProblem("");
    parcels.getRawEvent({ eventId }).then(setRaw, (error: unknown) => setProblem(faultText(t, error)));
  }, [eventId, t]);
  return (
    <Drawer open size={Math.min(760, window.innerWidth)} onClose={onClose} title={t("raw.title")}>
      {problem && <Alert type="error" showIcon title={problem} role="alert" />}
      {raw && (
        <div className="raw-event" data-event={raw.eventId}>
          <h3>{raw.frames.length > 0 ? t("raw.frames", { count: raw.frames.length }) : t("raw.none")}</h3>
          {raw.frames.length > 0 && <div className="raw raw-frames">{frameLines(raw.frames.map((frame) => frame.bytes))}</div>}
          <h3>{t("raw.chain")}</h3>
          <Descriptions
            column={1}
            size="small"
            bordered
            items={[
              { key: "id", label: t("raw.event"), children: <span className="mono">{raw.eventId}</span> },
              { key: "source", label: t("raw.source"), children: raw.source },
              {
                key: "boot",
                label: t("raw.sequence"),
                children: <span className="mono">{raw.boot ? `${raw.boot} / ${raw.sequence}` : t("raw.no_boot")}</span>,
              },
              { key: "index", label: t("raw.index"), children: String(raw.chainIndex) },
              { key: "prev", label: t("raw.previous"), children: <span className="mono">{hex(raw.previousHash)}</span> },
              { key: "hash", label: t("raw.hash"), children: <span className="mono">{hex(raw.hash)}</span> },
              { key: "received", label: t("parcel.received"), children: instant(raw.receivedAtUs, language()) },
            ]}
          />
          <h3>{t("raw.body", { count: raw.body.length })}</h3>
          <div className="raw">{hexDump(raw.body)}</div>
        </div>
      )}
    </Drawer>
  );
}
