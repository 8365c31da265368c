import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import type { TFunction } from "i18next";
import type { Refused } from "./refusals";
import { language } from "./texts";

// The one text of a google.rpc message that is of use here, by the numbers of its fields: ErrorInfo.reason, BadRequest.field_violations[0].field.
function textAt(bytes: Uint8Array, ...path: number[]): string {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field !== path[0]) {
      reader.skip(wire, field);
      continue;
    }
    const found = reader.bytes();
    return path.length > 1 ? textAt(found, ...path.slice(1)) : new TextDecoder().decode(found);
  }
  return "";
}

// What was asked and is not possible, as the server's fault says it: a code, the words, and the field at fault.
export function refusedBy(error: unknown): Refused | undefined {
  if (!(error instanceof ConnectError)) return undefined;
  if (![Code.InvalidArgument, Code.FailedPrecondition, Code.NotFound].includes(error.code)) return undefined;
  const detail = (name: string, ...path: number[]) => {
    const one = error.details.find((found) => "type" in found && found.type === `google.rpc.${name}`);
    return one && "value" in one && one.value instanceof Uint8Array ? textAt(one.value, ...path) : "";
  };
  const code = detail("ErrorInfo", 1);
  return code ? { code, message: error.rawMessage, field: detail("BadRequest", 1, 1) } : undefined;
}

// A fault of the wire in the reader's language: what could not be done, and what to do about it.
export function faultText(t: TFunction, error: unknown): string {
  if (!(error instanceof ConnectError)) return t("app.unreachable");
  switch (error.code) {
    case Code.PermissionDenied:
      return t("app.forbidden");
    case Code.Unauthenticated:
      return t("sign_in.refused.expired");
    case Code.ResourceExhausted:
      return t("app.too_much");
    case Code.InvalidArgument:
    case Code.FailedPrecondition:
    case Code.NotFound: {
      // In other languages by its code, where that has words.
      const code = language() === "en" ? "" : (refusedBy(error)?.code ?? "");
      return (code && t(`refused.${code.toLowerCase()}`, { defaultValue: "" })) || t("app.not_understood", { message: error.rawMessage });
    }
    case Code.Internal:
    case Code.DataLoss:
      return t("app.broken", { message: error.rawMessage });
    default:
      return t("app.unreachable");
  }
}
