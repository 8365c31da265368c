import { Code, ConnectError } from "@connectrpc/connect";
import type { TFunction } from "i18next";

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
    case Code.NotFound:
      return t("app.not_understood", { message: error.rawMessage });
    case Code.Internal:
    case Code.DataLoss:
      return t("app.broken", { message: error.rawMessage });
    default:
      return t("app.unreachable");
  }
}
