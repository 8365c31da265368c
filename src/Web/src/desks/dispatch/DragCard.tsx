import { useTranslation } from "react-i18next";
import type { PlaceCost } from "../../gen/kal/dispatch/v1/runs_pb";
import { type DayModel, nameIn } from "./dayModel";
import type { Drag } from "./useDrag";
import { costText, shortId } from "./words";

const width = 300;

// What goes along with the pointer: the stop, whose run it would go to, and what that costs.
export function DragCard({ model, drag, offer }: { model: DayModel; drag: Drag; offer: PlaceCost | undefined }) {
  const { t } = useTranslation();
  const left = Math.min(drag.x + 14, window.innerWidth - width - 8);
  const top = Math.min(drag.y + 16, window.innerHeight - 110);
  return (
    <div
      className={`drag-card ${offer && offer.lateParcels > 0 ? "late" : ""}`}
      style={{ left, top, width }}
      role="status"
      data-drag={drag.stop}
    >
      <span className="mono">{shortId(drag.stop)}</span>
      <Cost model={model} drag={drag} offer={offer} />
      {offer && <small>{t("dispatch.let_go")}</small>}
    </div>
  );
}

function Cost({ model, drag, offer }: { model: DayModel; drag: Drag; offer: PlaceCost | undefined }) {
  const { t } = useTranslation();
  const { over } = drag;
  if (!over) return <span className="quiet">{t("dispatch.drag_hint")}</span>;
  const name = nameIn(model, over.courier);
  if (drag.failed) return <span className="bad-text">{t("app.unreachable")}</span>;
  if (!drag.preview) return <span>{name} …</span>;
  if (!offer) return <b className="bad-text">{t("dispatch.not_there", { name })}</b>;
  const here = model.placeOf.get(drag.stop);
  if (here?.run.courier === over.courier && here.position === over.position) return <span>{t("dispatch.stands_here")}</span>;
  return (
    <>
      <span>
        {name}, {t("dispatch.nth", { position: offer.position + 1 })}
      </span>
      <b className="numbers cost" data-cost>
        {costText(t, offer)}
      </b>
    </>
  );
}
