import { Alert, Button, Spin } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Loaded } from "./load";

// A page's question: waiting, failed with what to do, or answered.
export function Answered<T>({ of, children, back }: { of: Loaded<T>; children: (data: T) => ReactNode; back?: ReactNode }) {
  const { t } = useTranslation();
  if (of.data === undefined) {
    if (!of.problem) return <Spin className="waiting" />;
    return (
      <Alert
        type="warning"
        showIcon
        role="alert"
        title={of.problem}
        action={
          <span className="states">
            {back}
            <Button size="small" onClick={of.again} loading={of.busy}>
              {t("app.again")}
            </Button>
          </span>
        }
      />
    );
  }
  return (
    <>
      {of.problem && <Alert type="error" showIcon role="alert" title={of.problem} style={{ marginBottom: 12 }} />}
      {children(of.data)}
    </>
  );
}

// A figure with what it is, read at a glance.
export function Figure({
  label,
  children,
  tone,
  hint,
}: {
  label: ReactNode;
  children: ReactNode;
  tone?: "good" | "warn" | "bad";
  hint?: ReactNode;
}) {
  return (
    <div className={`figure ${tone ?? ""}`}>
      <span className="figure-label">{label}</span>
      <span className="figure-value numbers">{children}</span>
      {hint && <span className="figure-hint">{hint}</span>}
    </div>
  );
}
