import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import { may } from "../../app/rights";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import type { At } from "./words";

const OpenDialog = lazy(() => import("../cases/OpenDialog").then((desk) => ({ default: desk.OpenDialog })));

// An objection to a line of the scorecard: a complaint that names the line.
export function ObjectButton({ at, indicator }: { at: At; indicator: string }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const [open, setOpen] = useState(false);
  if (!may(Permission.CASE_OPEN)) return null;
  const line = `${indicator} ${at.month}`;
  return (
    <>
      <Button
        size="small"
        type="text"
        className="object"
        aria-label={t("case.object_to", { line })}
        onClick={() => setOpen(true)}
        data-act="object"
      >
        {t("case.object")}
      </Button>
      {open && (
        <Suspense>
          <OpenDialog
            initial={{ reason: "scorecard", account: at.account, reference: line }}
            onDone={(id) => (id ? go(`/cases/${encodeURIComponent(id)}`) : setOpen(false))}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
