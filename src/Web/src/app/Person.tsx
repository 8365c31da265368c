import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { usePeople } from "./people";
import { isClient } from "./rights";
import { currentCaller } from "./session";

// Who did something: by name where one may know it; a role in words, the product as such.
export function Person({ id }: { id: string }) {
  const { t } = useTranslation();
  const people = usePeople();
  const me = currentCaller();
  if (!id) return <span className="quiet-text">–</span>;
  if (id === me?.id) return <b>{me.displayName}</b>;
  if (id === "system") return <span className="quiet-text">{t("common.system")}</span>;
  if (id === "local-administrator") return <span className="quiet-text">{t("common.local")}</span>;
  const found = people.find((one) => one.id === id);
  if (found) return <span title={id}>{found.displayName}</span>;
  if (isClient() && id.startsWith("P-")) return <span className="quiet-text">{t("common.carrier")}</span>;
  return <span>{t(`role.${id}`, { defaultValue: id })}</span>;
}

// One of the carrier's people, found by name; roles narrow it.
export function PersonSelect({ roles, ...field }: { roles?: string[]; value?: string; onChange?: (id: string) => void; id?: string }) {
  const { t } = useTranslation();
  const people = usePeople().filter(
    (one) => one.active && !one.roles.includes("ClientUser") && (!roles || one.roles.some((role) => roles.includes(role))),
  );
  return (
    <Select
      {...field}
      showSearch
      allowClear
      optionFilterProp="label"
      options={people.map((one) => ({
        value: one.id,
        label: `${one.displayName} · ${one.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(t("list.comma"))}`,
      }))}
    />
  );
}
