import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../Icons";
import { beQuiet, isQuiet, sound } from "../sounds";
import type { DialogProps } from "./Dialog";
import { Choice, Frame } from "./Frame";

const keys: [string, string][] = [
  ["F2", "hand"],
  ["F3", "hold"],
  ["F4", "problem"],
  ["F5", "scale_check"],
  ["F6", "handover"],
  ["F8", "count"],
  ["F9", "confirm"],
  ["F10", "abandon"],
  ["F7", "language"],
  ["F12", "leave"],
];
const commands = ["CONFIRM", "CANCEL", "COUNTED", "REWEIGH", "HOLD", "DAMAGED", "HANDOVER", "ABANDON", "SIGNOUT", "HELP"];

export function Help({ onClose }: DialogProps) {
  const { t } = useTranslation();
  const [hear, setHear] = useState(isQuiet() ? "off" : "on");
  return (
    <Frame title={t("help.title")} problem="" busy={false} submit={t("act.close")} onClose={onClose} onSubmit={onClose}>
      <ul className="help-tones">
        {["good", "warn", "stop"].map((tone) => (
          <li key={tone} className={`tone-${tone}`}>
            <Icon tone={tone} /> {t(`help.${tone}`)}
          </li>
        ))}
      </ul>
      <ul className="help-keys">
        {keys.map(([key, word]) => (
          <li key={key}>
            <kbd>{key}</kbd> {t(`help.key.${word}`)}
          </li>
        ))}
      </ul>
      <p className="muted">{t("help.commands", { list: commands.map((one) => `KAL:CMD:${one}`).join("  ") })}</p>
      <Choice
        name={t("help.sound")}
        value={hear}
        onChange={(next) => {
          setHear(next);
          beQuiet(next === "off");
          sound("good");
        }}
        options={[
          ["on", t("help.sound_on")],
          ["off", t("help.sound_off")],
        ]}
      />
    </Frame>
  );
}
