import { Tag } from "antd";
import { useTranslation } from "react-i18next";

export const stateColour: Record<string, string> = {
  draft: "default",
  proposed: "gold",
  approved: "blue",
  signed: "cyan",
  in_force: "green",
  superseded: "default",
  ended: "default",
  rejected: "red",
  withdrawn: "default",
  suspended: "red",
};

export function StateTag({ state }: { state: string }) {
  const { t } = useTranslation();
  return (
    <Tag color={stateColour[state]} data-state={state}>
      {t(`version_state.${state}`, { defaultValue: state })}
    </Tag>
  );
}
