import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Route, Routes } from "react-router-dom";
import { host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { currentCaller, signOut } from "../../app/session";
import { zoneShown } from "../../format/figures";
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
        <nav>
          <NavLink to="/parcels">{t("parcels.title")}</NavLink>
          {station && <NavLink to="/station">{t("station.station")}</NavLink>}
        </nav>
        <span className="right">
          <span>
            {caller?.displayName} · {caller?.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(t("list.comma"))}
          </span>
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
        <footer className="quiet-text">{t("app.zone", { zone: zoneShown() })}</footer>
      </main>
    </>
  );
}
