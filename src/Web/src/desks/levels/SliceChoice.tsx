import { AutoComplete, Button, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isClient } from "../../app/rights";
import { scorecards } from "./client";
import { membersOf, remember, slices } from "./members";
import { monthDays } from "./period";

interface Props {
  account: string;
  month: string;
  contract: string;
  dimension: string;
  member: string;
  onChoose: (slice: { dimension: string; member: string }) => void;
}

const products = ["standard", "express", "economy"];

// A part of an account: by lane, product, depot, courier. The names come from the drill-downs; any other may be typed.
export function SliceChoice({ account, month, contract, dimension, member, onChoose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(member);
  const [members, setMembers] = useState<string[]>([]);
  useEffect(() => setText(member), [member]);
  useEffect(() => {
    if (!dimension) return;
    if (dimension === "product" || dimension === "contract") {
      setMembers(dimension === "product" ? products : [contract].filter(Boolean));
      return;
    }
    setMembers(membersOf(account, dimension));
    let gone = false;
    const of = { account, ...monthDays(month), dimension: "", member: "" };
    // What went wrong and what went well both name where it went; either may be empty.
    void Promise.allSettled(
      ["missed", "met"].map(async (which) =>
        remember(account, (await scorecards.drillDown({ of, indicator: "T2", which, pageSize: 200, pageToken: "" })).items),
      ),
    ).then(() => !gone && setMembers(membersOf(account, dimension)));
    return () => {
      gone = true;
    };
  }, [account, month, contract, dimension]);
  const choose = (value: string) => value.trim() !== member && onChoose({ dimension, member: value.trim() });
  return (
    <span className="slice-choice">
      <Select
        value={dimension}
        aria-label={t("levels.slice")}
        onChange={(next) => {
          setText("");
          onChoose({ dimension: next, member: "" });
        }}
        options={[
          { value: "", label: t("levels.slice_none") },
          ...slices.filter((one) => one !== "courier" || !isClient()).map((one) => ({ value: one, label: t(`levels.slice_by.${one}`) })),
        ]}
      />
      {dimension && (
        <AutoComplete
          value={text}
          aria-label={t("levels.member")}
          placeholder={t("levels.member")}
          options={members
            .filter((one) => one.toLowerCase().includes(text.toLowerCase()) || text === member)
            .map((value) => ({ value, label: dimension === "product" ? t(`product.${value}`, { defaultValue: value }) : value }))}
          onChange={setText}
          onSelect={choose}
          onBlur={() => choose(text)}
          onKeyDown={(event) => event.key === "Enter" && choose(text)}
        />
      )}
      {dimension && member && (
        <Button onClick={() => onChoose({ dimension: "", member: "" })} aria-label={t("levels.slice_clear")}>
          ✕
        </Button>
      )}
    </span>
  );
}
