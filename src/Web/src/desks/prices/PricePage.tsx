import { createClient } from "@connectrpc/connect";
import { Alert, AutoComplete, Button, Card, Checkbox, Form, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router-dom";
import { faultText } from "../../app/faults";
import { useLoad } from "../../app/load";
import "./prices.css";
import { may } from "../../app/rights";
import { currentCaller, desk } from "../../app/session";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { localOf, typed } from "../../format/entry";
import { kilograms, zoneShown } from "../../format/figures";
import { Permission } from "../../gen/kal/access/v1/access_pb";
import { type Charge, type RateReply, Rating } from "../../gen/kal/contracts/v1/rating_pb";
import { accounts } from "../accounts/client";
import { accountName } from "../accounts/words";
import { parcels } from "../parcel/client";
import { Bill, Difference } from "./Bill";
import { emptyQuestion, type Question, type QuestionField, questionFields, shipmentOf } from "./question";
import { WhatIf } from "./WhatIf";

const rating = createClient(Rating, desk);
const services = ["standard", "express", "economy"];

async function ask(question: Question): Promise<{ reply: RateReply } | { wrong: QuestionField[] }> {
  const read = shipmentOf(question, zoneShown(), BigInt(Date.now()) * 1000n);
  if ("wrong" in read) return read;
  return { reply: await rating.rate({ account: question.account, shipment: read.shipment, trace: true }) };
}

// What does it cost, and why: a price as a bill that names its clauses. The question stands in the address, so that an answer can be sent to somebody.
export default function PricePage() {
  const { t } = useTranslation();
  const [query, setQuery] = useSearchParams();
  const [form] = Form.useForm<Question>();
  const [asked, setAsked] = useState<Question>();
  const [reply, setReply] = useState<RateReply>();
  const [changed, setChanged] = useState<{ text: string; reply: RateReply }>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useTitle(t("nav.prices"));
  const own = currentCaller()?.accounts.filter((one) => one !== "*") ?? [];
  const list = useLoad("accounts", async () =>
    may(Permission.ACCOUNT_READ)
      ? (await accounts.list({ pageSize: 200 })).accounts.map((one) => ({
          value: one.account,
          label: `${accountName(one, language())} · ${one.account}`,
        }))
      : own.map((one) => ({ value: one, label: one })),
  );

  const price = async (question: Question) => {
    setBusy(true);
    setProblem("");
    setChanged(undefined);
    try {
      const answer = await ask(question);
      if ("wrong" in answer) {
        form.setFields(
          answer.wrong.map((field) => ({ name: field, errors: [t(`price.wrong_${field}`, { defaultValue: t("sign_in.needed") })] })),
        );
        setReply(undefined);
        return;
      }
      setReply(answer.reply);
      setAsked(question);
    } catch (error) {
      setReply(undefined);
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (values: Partial<Record<QuestionField, string | boolean>>) => {
    const question = Object.fromEntries(
      questionFields.map((field) => {
        const value = values[field];
        return [field, typeof value === "boolean" ? (value ? "1" : "") : (value ?? "").trim()];
      }),
    ) as Question;
    setQuery(Object.fromEntries(Object.entries(question).filter(([, value]) => value)), { replace: true });
    void price(question);
  };
  const fill = (question: Question) =>
    form.setFieldsValue({
      ...question,
      collect: question.collect === "1",
      fragile: question.fragile === "1",
      returned: question.returned === "1",
    } as unknown as Question);

  // A waybill brings its shipment; everything can be changed afterwards.
  const byWaybill = async (code: string) => {
    setBusy(true);
    setProblem("");
    try {
      const life = await parcels.get({ code });
      const shipment = life.shipment;
      const weight = life.weights.at(-1)?.massMg;
      if (!shipment) {
        setProblem(t("price.not_registered", { code }));
        return;
      }
      const question: Question = {
        ...emptyQuestion,
        waybill: code,
        account: shipment.account,
        service: shipment.product,
        from: shipment.origin,
        to: shipment.destination,
        weight: weight ? kilograms(weight) : "",
        value: shipment.declaredValueMinor ? typed(shipment.declaredValueMinor, 2) : "",
        cod: shipment.codMinor ? typed(shipment.codMinor, 2) : "",
        sides: shipment.lengthMm ? [shipment.lengthMm, shipment.widthMm, shipment.heightMm].map((mm) => mm / 10).join(" × ") : "",
        accepted: shipment.acceptedAtUs ? localOf(shipment.acceptedAtUs, zoneShown()) : "",
        collect: shipment.freightCollectMinor ? "1" : "",
        fragile: shipment.fragile ? "1" : "",
      };
      fill(question);
      setQuery(Object.fromEntries(Object.entries(question).filter(([, value]) => value)), { replace: true });
      await price(question);
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read once, when the page opens
  useEffect(() => {
    const question = Object.fromEntries(questionFields.map((field) => [field, query.get(field) ?? ""])) as Question;
    if (!question.account) question.account = own[0] ?? "";
    fill({ ...question, service: question.service || "standard" });
    if (question.waybill && !question.weight) void byWaybill(question.waybill);
    else if (question.weight) void price(question);
  }, []);

  const charged: Charge | undefined = reply?.answer.case === "charge" ? reply.answer.value : undefined;
  return (
    <>
      <h1 className="desk-title">{t("nav.prices")}</h1>
      <div className="price-grid">
        <Card size="small" className="price-form">
          <Input.Search
            allowClear
            enterButton={t("price.take")}
            placeholder={t("price.waybill")}
            aria-label={t("price.waybill")}
            defaultValue={query.get("waybill") ?? ""}
            onSearch={(value) => value.trim() && void byWaybill(value.trim())}
          />
          <p className="quiet-text or">{t("price.or")}</p>
          <Form<Question> form={form} layout="vertical" requiredMark={false} onFinish={submit as (values: Question) => void}>
            <Form.Item name="waybill" hidden>
              <Input />
            </Form.Item>
            <div className="fields-2">
              <Form.Item
                name="account"
                label={t("account.account")}
                rules={[{ required: true, message: t("sign_in.needed") }]}
                className="wide"
              >
                <Select showSearch optionFilterProp="label" options={list.data ?? []} loading={list.busy} />
              </Form.Item>
              <Form.Item name="service" label={t("price.service")}>
                <AutoComplete options={services.map((value) => ({ value }))} />
              </Form.Item>
              <Form.Item name="accepted" label={t("price.accepted")} extra={t("contract.empty_is_now")}>
                <Input type="datetime-local" />
              </Form.Item>
              <Form.Item name="from" label={t("price.from")}>
                <Input maxLength={20} placeholder="310115" />
              </Form.Item>
              <Form.Item name="to" label={t("price.to")}>
                <Input maxLength={20} placeholder="330106" />
              </Form.Item>
              <Form.Item name="weight" label={t("price.weight")}>
                <Input inputMode="decimal" suffix="kg" placeholder="2.345" />
              </Form.Item>
              <Form.Item name="sides" label={t("price.sides")}>
                <Input suffix="cm" placeholder="40 × 30 × 20" />
              </Form.Item>
              <Form.Item name="value" label={t("price.value")}>
                <Input inputMode="decimal" />
              </Form.Item>
              <Form.Item name="cod" label={t("price.cod")}>
                <Input inputMode="decimal" />
              </Form.Item>
              <Form.Item name="zone" label={t("price.zone")}>
                <Input maxLength={20} />
              </Form.Item>
              <Form.Item name="marks" label={t("price.marks")}>
                <Input maxLength={100} />
              </Form.Item>
            </div>
            <div className="checks">
              {(["fragile", "collect", "returned"] as const).map((name) => (
                <Form.Item key={name} name={name} valuePropName="checked" noStyle>
                  <Checkbox>{t(`price.${name}`)}</Checkbox>
                </Form.Item>
              ))}
            </div>
            <Button type="primary" htmlType="submit" loading={busy} block size="large">
              {t("price.ask")}
            </Button>
          </Form>
        </Card>
        <div className="price-answer" aria-live="polite">
          {problem && <Alert type="error" showIcon title={problem} role="alert" />}
          {!reply && !problem && <p className="nothing">{t("price.nothing")}</p>}
          {reply && <Bill reply={reply} />}
          {reply && asked && <WhatIf asked={asked} ask={ask} onAnswer={(text, other) => setChanged({ text, reply: other })} />}
          {changed && charged && changed.reply.answer.case === "charge" && (
            <Difference first={charged} second={changed.reply.answer.value} changed={changed.text} />
          )}
          {changed && (!charged || changed.reply.answer.case !== "charge") && <Bill reply={changed.reply} />}
        </div>
      </div>
    </>
  );
}
