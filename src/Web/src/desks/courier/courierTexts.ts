import i18next from "i18next";
import en from "../../texts/courier.en.json";
import zh from "../../texts/courier.zh.json";

// The phone's words come with its page.
i18next.addResourceBundle("en", "translation", en, true, false);
i18next.addResourceBundle("zh", "translation", zh, true, false);
