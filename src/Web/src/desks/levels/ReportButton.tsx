import { Alert, Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { faultText } from "../../app/faults";
import { language } from "../../app/texts";
import { scorecards } from "./client";

const formats = ["html", "pdf", "csv"] as const;
type Format = (typeof formats)[number];

// The month as a file to send, in the language that is spoken here. It is of the account as a whole, whatever slice is looked at.
export function ReportButton({ account, from, to }: { account: string; from: string; to: string }) {
  const { t } = useTranslation();
  const key = `${account}|${from}|${to}`;
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ key: string; made?: string; problem?: string }>();
  const download = async (format: Format) => {
    setBusy(true);
    setAnswer(undefined);
    try {
      const file = await scorecards.report({ account, from, to, language: language(), format });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([new Uint8Array(file.content)], { type: file.mediaType }));
      link.download = file.name;
      link.click();
      URL.revokeObjectURL(link.href);
      setAnswer({ key, made: file.name });
    } catch (error) {
      setAnswer({ key, problem: faultText(t, error) });
    } finally {
      setBusy(false);
    }
  };
  const shown = answer?.key === key ? answer : undefined;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: formats.map((one) => ({ key: one, label: t(`levels.report_${one}`) })),
          onClick: (chosen) => void download(chosen.key as Format),
        }}
      >
        <Button loading={busy} data-act="report" aria-haspopup="menu">
          {t("levels.report")}
        </Button>
      </Dropdown>
      {shown?.made && (
        <small role="status" className="quiet-text">
          {t("levels.report_made", { name: shown.made })}
        </small>
      )}
      {shown?.problem && <Alert type="error" showIcon role="alert" title={shown.problem} />}
    </>
  );
}
