import { Alert, Button, Table, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { usePages } from "../../app/load";
import { language } from "../../app/texts";
import { instantOf } from "../../format/entry";
import type { OrderView } from "../../gen/kal/dispatch/v1/orders_pb";
import { orders } from "./client";
import { type DayModel, nameIn } from "./dayModel";
import { clock, dayBeside, shortId, windowText } from "./words";

const phaseColours: Record<string, string> = { open: "blue", done: "green", missed: "red", refused: "red", cancelled: "default" };
const punctualityColours: Record<string, string> = { on_time: "green", late: "red", in_doubt: "orange" };

// The pickup orders whose window begins that day, cancelled ones too.
export function OrderTab({ model, onSelect }: { model: DayModel; onSelect: (stop: string) => void }) {
  const { t } = useTranslation();
  const { depot, day, zone } = model.view;
  const list = usePages(`${depot}|${day}|${model.view.plannedUs}`, async (pageToken) => {
    const page = await orders.list({
      depot,
      fromUs: instantOf(day, zone) ?? 0n,
      untilUs: instantOf(dayBeside(day, 1), zone) ?? 0n,
      pageSize: 200,
      pageToken,
    });
    return { rows: page.orders, next: page.nextPageToken };
  });
  if (list.problem) return <Alert type="error" showIcon title={list.problem} role="alert" />;
  return (
    <>
      <Table<OrderView>
        rowKey="id"
        size="small"
        data-card="orders"
        loading={list.busy && !list.rows}
        dataSource={list.rows ?? []}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <p className="nothing">{list.rows ? t("dispatch.no_orders") : "…"}</p> }}
        columns={[
          {
            title: t("dispatch.order"),
            render: (_, row) =>
              model.stopOf.has(row.id) ? (
                <Button type="link" size="small" className="mono" onClick={() => onSelect(row.id)}>
                  {shortId(row.id)}
                </Button>
              ) : (
                <span className="mono">{shortId(row.id)}</span>
              ),
          },
          {
            title: t("account.account"),
            render: (_, row) => (
              <span className="two-lines">
                <span className="mono">{row.order?.account}</span>
                <small>{row.order?.site}</small>
              </span>
            ),
          },
          {
            title: t("dispatch.window"),
            render: (_, row) => (
              <span className="numbers">{windowText(t, row.order?.fromUs ?? 0n, row.order?.untilUs ?? 0n, day, language())}</span>
            ),
          },
          { title: t("dispatch.parcels_word"), align: "right", render: (_, row) => <span className="numbers">{row.order?.parcels}</span> },
          {
            title: t("parcels.state"),
            render: (_, row) => (
              <span className="states">
                <Tag color={phaseColours[row.phase] ?? "default"}>{t(`dispatch.phase_${row.phase}`, { defaultValue: row.phase })}</Tag>
                {row.punctuality && (
                  <Tag color={punctualityColours[row.punctuality] ?? "default"}>
                    {t(`dispatch.punctuality_${row.punctuality}`, { defaultValue: row.punctuality })}
                  </Tag>
                )}
              </span>
            ),
          },
          {
            title: t("dispatch.courier"),
            render: (_, row) => {
              const placed = model.placeOf.get(row.id);
              if (!placed) return <span className="quiet-text">–</span>;
              return `${nameIn(model, placed.run.courier)} ${clock(placed.visit.startUs, language())}`;
            },
          },
        ]}
      />
      {list.more && (
        <Button size="small" loading={list.busy} onClick={list.next}>
          {t("parcels.more")}
        </Button>
      )}
    </>
  );
}
