import i18next from "i18next";
import en from "../texts/office.en.json";
import zh from "../texts/office.zh.json";

// The office desks' words come with them: the kiosk does not carry them.
i18next.addResourceBundle("en", "translation", en, true, false);
i18next.addResourceBundle("zh", "translation", zh, true, false);
