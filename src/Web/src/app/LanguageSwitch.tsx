import { useTranslation } from "react-i18next";
import { speak } from "./texts";

export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const chinese = i18n.language === "zh";
  return (
    <button type="button" className="language" onClick={() => speak(chinese ? "en" : "zh")} lang={chinese ? "en" : "zh-CN"}>
      {chinese ? "English" : "中文"}
    </button>
  );
}
