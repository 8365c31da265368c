import { useTranslation } from "react-i18next";
import { FormDialog } from "../../app/FormDialog";
import { useLoad } from "../../app/load";
import type { DayView, PlaceCost } from "../../gen/kal/dispatch/v1/runs_pb";
import { dayOf, runs, settled } from "./client";
import { type DayModel, nameIn } from "./dayModel";
import { type AskOffers, offerAt } from "./offers";
import { costText, difference, shortId } from "./words";

interface Props {
  model: DayModel;
  stop: string;
  place: PlaceCost;
  ask: AskOffers;
  onDay: (day: DayView) => void;
  onClose: () => void;
}

// Asks once more before a stop is moved: from where to where, what it costs there, and how that compares with now.
export function MoveDialog({ model, stop, place, ask, onDay, onClose }: Props) {
  const { t } = useTranslation();
  const here = model.placeOf.get(stop);
  const from = here?.run.courier ?? "";
  const { depot, day } = model.view;
  const now = useLoad(`${stop}|${from}`, async () => (here ? offerAt(await ask(stop, from), here.position) : undefined));
  return (
    <FormDialog<object>
      title={t("dispatch.move_title", { stop: shortId(stop) })}
      ok={t("dispatch.move")}
      width={480}
      run={async (_, commandId) => {
        const reply = await runs.move({ commandId, depot, day, stop, courier: place.courier, position: place.position });
        const moved = dayOf(reply);
        if (moved) onDay(moved);
        return settled(reply);
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <dl className="facts move-facts" data-card="move">
        <dt>{t("dispatch.from")}</dt>
        <dd>{here ? `${nameIn(model, from)}, ${t("dispatch.nth", { position: here.position + 1 })}` : t("dispatch.in_no_run")}</dd>
        <dt>{t("dispatch.to")}</dt>
        <dd>
          <b>
            {nameIn(model, place.courier)}, {t("dispatch.nth", { position: place.position + 1 })}
          </b>
        </dd>
        <dt>{t("dispatch.costs")}</dt>
        <dd className={`numbers ${place.lateParcels > 0 ? "bad-text" : ""}`} data-cost>
          <b>{costText(t, place)}</b>
        </dd>
        {now.data && (
          <>
            <dt>{t("dispatch.beside_now")}</dt>
            <dd className="numbers">{costText(t, difference(place, now.data))}</dd>
          </>
        )}
      </dl>
    </FormDialog>
  );
}
