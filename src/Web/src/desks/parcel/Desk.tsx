import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Route, Routes } from "react-router-dom";
import { host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { currentCaller, signOut } from "../../app/session";
import { zoneShown } from "../../format/figures";
import { ScalesPage } from "../scales/ScalesPage";
import { ParcelList } from "./ParcelList";
import { ParcelPage } from "./ParcelPage";

const watchers = ["DepotClerk", "StationHead", "AreaManager", "KeyAccountManager", "SalesManager", "Auditor", "Administrator"];

// The frame of every office page; which page stands in it, the route says.
export default function Desk({ page }: { page: "parcels" | "scales" }) {
  const { t } = useTranslation();
  const caller = currentCaller();
  const [station, setStation] = useState(false);
  const seesScales = caller?.roles.some((role) => watchers.includes(role)) ?? false;
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
          {seesScales && <NavLink to="/scales">{t("scales.title")}</NavLink>}
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
        {page === "scales" ? (
          <ScalesPage />
        ) : (
          <Routes>
            <Route index element={<ParcelList />} />
            <Route path=":code" element={<ParcelPage />} />
          </Routes>
        )}
        <footer className="quiet-text">{t("app.zone", { zone: zoneShown() })}</footer>
      </main>
    </>
  );
}
