import type { TFunction } from "i18next";
import { language } from "../../app/texts";
import { grams, kilograms, money } from "../../format/figures";
import type { Instruction, Refusal } from "../../gen/kal/edge/v1/station_pb";

type Figures = Record<string, string>;

// The agent speaks in codes with figures; here they become what a person reads: masses in kg, money with its currency, reasons in words.
export function spoken(t: TFunction, figures: Figures): Figures {
  const said: Figures = { ...figures };
  for (const [name, value] of Object.entries(figures)) {
    if (name.endsWith("_mg")) said[name] = name.startsWith("limit") ? `${grams(Number(value))} g` : `${kilograms(Number(value))} kg`;
    else if (name.endsWith("_minor")) {
      const currency = figures.currency || figures[name.startsWith("found") ? "found_currency" : "expected_currency"] || "CNY";
      said[name] = money(Number(value), currency, language());
    }
  }
  if (figures.hold) said.hold = t(`reason.${figures.hold}`, { defaultValue: t("reason.other") });
  if (figures.phase) said.phase = t(`handover.state.${figures.phase}`, { defaultValue: figures.phase });
  if (figures.missing) said.missing = figures.missing.replace(/[a-z_]+/g, (one) => t(`proof.${one}`, { defaultValue: one }));
  return said;
}

export function refusalText(t: TFunction, refused: Pick<Refusal, "code" | "figures">): string {
  return t(`refusal.${refused.code}`, {
    ...spoken(t, refused.figures),
    parcel: refused.figures.parcel ?? t("station.this_parcel"),
    defaultValue: t("refusal.other", { code: refused.code }),
  });
}

// What to do next, and in a second sentence why; an instruction may also be a refusal that the station shows for a while.
export function nextText(t: TFunction, instruction: Instruction | undefined): { what: string; why: string } {
  if (!instruction) return { what: "…", why: "" };
  const { code, figures } = instruction;
  const said = spoken(t, figures);
  const device = figures.state && t(`next.${code.replace(/_absent$/, "")}_${figures.state}`, { ...said, defaultValue: "" });
  const what = device || t(`next.${code}`, { ...said, defaultValue: "" });
  if (what) return { what, why: whyOf(t, code, figures) };
  return { what: refusalText(t, { code, figures }), why: "" };
}

function whyOf(t: TFunction, code: string, figures: Figures): string {
  if (code === "zero_scale" && figures.why) return t(`needs_zero.${figures.why}`, { defaultValue: "" });
  if (code === "check_seal") {
    if (figures.found && figures.found !== figures.expected) return t("next.seal_differs", figures);
    return figures.expected ? t("next.seal_expected", figures) : t("next.seal_first");
  }
  if (code === "check_amount") {
    const said = spoken(t, figures);
    return [
      figures.cod_minor !== "0" && t("tag.cod", { amount: said.cod_minor }),
      figures.freight_collect_minor !== "0" && t("tag.freight_collect", { amount: said.freight_collect_minor }),
    ]
      .filter(Boolean)
      .join(" · ");
  }
  return figures.parcel && code !== "put_apart" ? figures.parcel : "";
}

// Which instructions ask for attention at once, and how loudly they look.
export function urgency(code: string | undefined): "stop" | "warn" | "calm" {
  if (!code) return "calm";
  if (["call_supervisor", "put_apart", "scale_check_failed", "scale_quarantined"].includes(code)) return "stop";
  if (["check_under_way", "check_other_weight"].includes(code)) return "warn";
  const calm =
    /^(scan_parcel|place_parcel|wait_stable|remove_parcel|choose_parcel|zero_scale|check_\w+|count_handover|confirm_\w+|handover_confirmed|help|open_handover|sign_in)$/;
  return calm.test(code) ? "calm" : "warn";
}
