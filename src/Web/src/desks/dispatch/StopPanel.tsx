import { Alert, Button, Spin, Tag } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { useLoad } from "../../app/load";
import { refusalText } from "../../app/refusals";
import { language } from "../../app/texts";
import { money } from "../../format/figures";
import type { PlaceCost, StopView } from "../../gen/kal/dispatch/v1/runs_pb";
import { runs } from "./client";
import { canMove, type DayModel, nameIn } from "./dayModel";
import type { AskOffers } from "./offers";
import { clock, costText, lateText, moment, windowText, withNames } from "./words";

const parcelsAtFirst = 12;
const stateColours: Record<string, string> = { open: "blue", done: "green", failed: "red" };

interface Props {
  model: DayModel;
  stop: string;
  ask: AskOffers;
  onMove: ((stop: string, place: PlaceCost) => void) | undefined;
  onClose: () => void;
}

// One stop: why it stands where it stands, what it is about, and where else it could stand.
export function StopPanel({ model, stop, ask, onMove, onClose }: Props) {
  const { t } = useTranslation();
  const found = model.stopOf.get(stop);
  if (!stop) return <p className="nothing">{t("dispatch.select_one")}</p>;
  if (!found) return <p className="nothing">{t("dispatch.stop_gone", { stop })}</p>;
  return (
    <div className="stop-panel" data-card="stop">
      <header className="card-head">
        <h2>
          {t(`dispatch.${found.kind}`)} <span className="mono stop-id">{found.stop}</span>
        </h2>
        <Tag color={stateColours[found.state] ?? "default"}>{t(`dispatch.state_${found.state}`, { defaultValue: found.state })}</Tag>
        <Button size="small" type="text" onClick={onClose} aria-label={t("act.close")}>
          ✕
        </Button>
      </header>
      <Explanation model={model} stop={stop} />
      <Facts model={model} stop={found} />
      {canMove(model, stop) && <Places model={model} stop={stop} ask={ask} onMove={onMove} />}
    </div>
  );
}

// The question is another one when the plan or the stop's place in it is.
const keyOf = (model: DayModel, stop: string) => {
  const placed = model.placeOf.get(stop);
  return `${model.view.depot}|${model.view.day}|${model.view.plannedUs}|${stop}|${placed?.run.courier}|${placed?.position}|${model.view.stops.length}`;
};

function Explanation({ model, stop }: { model: DayModel; stop: string }) {
  const { t } = useTranslation();
  const told = useLoad(keyOf(model, stop), () => runs.explain({ depot: model.view.depot, day: model.view.day, stop }));
  if (told.problem) return <Alert type="warning" showIcon title={told.problem} role="alert" />;
  if (!told.data) return <p className="explained quiet">…</p>;
  const placed = told.data.courier;
  return (
    <p className={`explained ${placed ? "" : "bad"}`} data-explained={told.data.why}>
      {placed && (
        <b>
          <i className="swatch" style={{ background: model.colourOf.get(placed) }} /> {nameIn(model, placed)}
          {t("dispatch.colon")}
        </b>
      )}
      {withNames(language() === "zh" ? told.data.zh : told.data.en, model.nameOf)}
    </p>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Facts({ model, stop }: { model: DayModel; stop: StopView }) {
  const { t } = useTranslation();
  const visit = model.placeOf.get(stop.stop)?.visit;
  const speaks = language();
  const { day } = model.view;
  return (
    <dl className="facts">
      {visit && (
        <Fact name={t(visit.done ? "dispatch.was_there" : "dispatch.expected")}>
          <span className="numbers">
            {clock(visit.startUs, speaks)}–{clock(visit.departureUs, speaks)}
          </span>
          {visit.lateSeconds > 0n && <b className="bad-text"> {t("dispatch.late_by", { late: lateText(t, visit.lateSeconds) })}</b>}
        </Fact>
      )}
      <Fact name={t("dispatch.window")}>
        <span className="numbers">{windowText(t, stop.fromUs, stop.untilUs, day, speaks)}</span>
      </Fact>
      {stop.promisedUs > 0n && (
        <Fact name={t("dispatch.promised")}>
          <span className="numbers">{moment(stop.promisedUs, day, speaks)}</span>
        </Fact>
      )}
      {stop.codMinor > 0n && (
        <Fact name={t("parcel.cod")}>
          <b className="numbers">{money(stop.codMinor, stop.currency, speaks)}</b>
        </Fact>
      )}
      {stop.freightCollectMinor > 0n && (
        <Fact name={t("parcel.freight_collect")}>
          <b className="numbers">{money(stop.freightCollectMinor, stop.currency, speaks)}</b>
        </Fact>
      )}
      <Fact name={t("account.account")}>
        <span className="mono">{stop.account}</span>
      </Fact>
      {stop.area && <Fact name={t("dispatch.area")}>{stop.area}</Fact>}
      <Fact name={t("dispatch.parcels_word")}>
        <Parcels stop={stop} />
      </Fact>
      {!stop.placed && <Fact name={t("dispatch.place")}>{t("dispatch.not_placed")}</Fact>}
    </dl>
  );
}

function Parcels({ stop }: { stop: StopView }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (stop.parcels.length === 0) return <span className="numbers">{stop.count}</span>;
  const shown = all ? stop.parcels : stop.parcels.slice(0, parcelsAtFirst);
  return (
    <span className="parcel-links">
      {stop.insured && <Tag color="gold">{t("dispatch.insured")}</Tag>}
      {shown.map((code) => (
        <Link key={code} className="mono" to={`/parcels/${encodeURIComponent(code)}`}>
          {code}
        </Link>
      ))}
      {shown.length < stop.parcels.length && (
        <Button size="small" type="link" onClick={() => setAll(true)}>
          {t("dispatch.show_all", { count: stop.parcels.length })}
        </Button>
      )}
    </span>
  );
}

// Where else it could go, the cheapest first: the way of the keyboard beside dragging.
function Places({ model, stop, ask, onMove }: Omit<Props, "onClose">) {
  const { t } = useTranslation();
  const offers = useLoad(keyOf(model, stop), () => ask(stop, ""));
  const here = model.placeOf.get(stop);
  return (
    <section className="places" data-card="places">
      <h3>{t("dispatch.places")}</h3>
      {offers.problem && <Alert type="warning" showIcon title={offers.problem} role="alert" />}
      {!offers.problem && !offers.data && <Spin size="small" />}
      {offers.data?.refused && <p className="bad-text">{refusalText(t, offers.data.refused)}</p>}
      <ul className="plain-list tight">
        {offers.data?.places.map((place) => (
          <li key={place.courier} data-courier={place.courier}>
            <i className="swatch" style={{ background: model.colourOf.get(place.courier) }} />
            <span className="two-lines">
              <span>
                <b>{nameIn(model, place.courier)}</b> <span className="quiet">{t("dispatch.nth", { position: place.position + 1 })}</span>
              </span>
              <span className={`numbers cost ${place.lateParcels > 0 ? "bad-text" : ""}`}>{costText(t, place)}</span>
            </span>
            {here?.run.courier === place.courier && here.position === place.position ? (
              <Tag>{t("dispatch.stands_here")}</Tag>
            ) : (
              onMove && (
                <Button size="small" data-act="move-here" onClick={() => onMove(stop, place)}>
                  {t("dispatch.move_here")}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
