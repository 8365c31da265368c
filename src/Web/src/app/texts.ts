import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "../texts/en.json";
import zh from "../texts/zh.json";

export type Language = "zh" | "en";
const key = "kal.language";

function first(): Language {
  const chosen = localStorage.getItem(key);
  if (chosen === "zh" || chosen === "en") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, zh: { translation: zh } },
  lng: first(),
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  keySeparator: ".",
  nsSeparator: false,
});
document.documentElement.lang = i18next.language === "zh" ? "zh-CN" : "en";

export function language(): Language {
  return i18next.language === "zh" ? "zh" : "en";
}

export function speak(next: Language) {
  localStorage.setItem(key, next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  void i18next.changeLanguage(next);
}
