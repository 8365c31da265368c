import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Route, Routes } from "react-router-dom";
import { host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { currentCaller, signOut } from "../../app/session";
import { ParcelList } from "./ParcelList";
import { ParcelPage } from "./ParcelPage";

export default function Desk() {
  const { t } = useTranslation();
  const caller = currentCaller();
  const [station, setStation] = useState(false);
  useEffect(() => {
    host().then(
      (by) => setStation(by.station),
      () => setStation(false),
    );
  }, []);
  return (
    <>
      <header className="desk-header">
        <Link to="/parcels" className="brand">
          KeyAccountLogistics
        </Link>
        <Link to="/parcels">{t("parcels.title")}</Link>
        {station && <Link to="/station">{t("station.station")}</Link>}
        <span className="right">
          {caller?.displayName} ({caller?.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(", ")})
          <LanguageSwitch />
          <Button size="small" onClick={() => void signOut()}>
            {t("sign_in.leave")}
          </Button>
        </span>
      </header>
      <main className="desk">
        <Routes>
          <Route index element={<ParcelList />} />
          <Route path=":code" element={<ParcelPage />} />
        </Routes>
      </main>
    </>
  );
}
