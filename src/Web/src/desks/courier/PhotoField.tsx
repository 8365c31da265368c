import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Picture } from "./facts";
import { shrink } from "./pictures";

export function PhotoField({
  demanded,
  value,
  set,
}: {
  demanded: boolean;
  value: Picture | undefined;
  set: (picture: Picture | undefined) => void;
}) {
  const { t } = useTranslation();
  const [problem, setProblem] = useState(false);
  const [shown, setShown] = useState("");
  useEffect(() => {
    if (!value) return setShown("");
    const url = URL.createObjectURL(new Blob([new Uint8Array(value.content)], { type: "image/jpeg" }));
    setShown(url);
    return () => URL.revokeObjectURL(url);
  }, [value]);
  return (
    <div className="photo">
      <label className="plain">
        {t(value ? "courier.photo_again" : demanded ? "courier.photo_needed" : "courier.photo_maybe")}
        <input
          type="file"
          name="photo"
          accept="image/*"
          capture="environment"
          onChange={(event) => {
            const file = event.target.files?.[0];
            setProblem(false);
            if (file) shrink(file).then(set, () => setProblem(true));
          }}
        />
      </label>
      {shown && <img src={shown} alt={t("courier.photo_taken")} />}
      {problem && (
        <p className="problem" role="alert">
          {t("courier.picture_failed")}
        </p>
      )}
    </div>
  );
}
