import type { TFunction } from "i18next";
import { language } from "./texts";

// What a command is answered when nothing was done: a code for programs, words for people, and the field at fault.
export interface Refused {
  code: string;
  message: string;
  field: string;
}

// The server says it in English, with its figures. To others the code is said in their words, and what has no words yet as the server says it.
export const refusalText = (t: TFunction, refused: Refused) =>
  language() === "en" && refused.message
    ? refused.message
    : t(`refused.${refused.code.toLowerCase()}`, { defaultValue: refused.message || refused.code });
