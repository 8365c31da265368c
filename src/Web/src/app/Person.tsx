import { useTranslation } from "react-i18next";
import { currentCaller } from "./session";

// Who did something: oneself by name, a role in words, the product as such, everybody else as recorded.
export function Person({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = currentCaller();
  if (!id) return <span className="quiet-text">–</span>;
  if (id === me?.id) return <b>{me.displayName}</b>;
  if (id === "system") return <span className="quiet-text">{t("common.system")}</span>;
  return <span>{t(`role.${id}`, { defaultValue: id })}</span>;
}
