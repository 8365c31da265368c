import { Button, Spin } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Route, Routes } from "react-router-dom";
import { onZoneShown, zoneShown } from "../format/figures";
import "./office.css";
import "./officeTexts";
import { host } from "./host";
import { LanguageSwitch } from "./LanguageSwitch";
import { MenuIcon } from "./MenuIcon";
import { deskEntries, homePath, may } from "./rights";
import { currentCaller, signOut } from "./session";
import { useTitle } from "./title";

// A desk is loaded when it is opened.
const ParcelList = lazy(() => import("../desks/parcel/ParcelList").then((desk) => ({ default: desk.ParcelList })));
const ParcelPage = lazy(() => import("../desks/parcel/ParcelPage").then((desk) => ({ default: desk.ParcelPage })));
const ScalesPage = lazy(() => import("../desks/scales/ScalesPage").then((desk) => ({ default: desk.ScalesPage })));
const AccountList = lazy(() => import("../desks/accounts/AccountList"));
const AccountPage = lazy(() => import("../desks/accounts/AccountPage"));
const ContractList = lazy(() => import("../desks/contracts/ContractList"));
const ContractPage = lazy(() => import("../desks/contracts/ContractPage"));
const DraftEditor = lazy(() => import("../desks/contracts/DraftEditor"));
const ObligationList = lazy(() => import("../desks/contracts/ObligationList"));
const PricePage = lazy(() => import("../desks/prices/PricePage"));
const CaseList = lazy(() => import("../desks/cases/CaseList"));
const CasePage = lazy(() => import("../desks/cases/CasePage"));
const DispatchPage = lazy(() => import("../desks/dispatch/DispatchPage"));
const ScoreList = lazy(() => import("../desks/levels/ScoreList"));
const ScorePage = lazy(() => import("../desks/levels/ScorePage"));
const BehindPage = lazy(() => import("../desks/levels/BehindPage"));

const pages: { path: string; desk: string; page: ReactNode }[] = [
  { path: "/accounts", desk: "/accounts", page: <AccountList /> },
  { path: "/accounts/:account", desk: "/accounts", page: <AccountPage /> },
  { path: "/contracts", desk: "/contracts", page: <ContractList /> },
  { path: "/contracts/write", desk: "/contracts", page: <DraftEditor /> },
  { path: "/contracts/obligations", desk: "/contracts", page: <ObligationList /> },
  { path: "/contracts/:contract", desk: "/contracts", page: <ContractPage /> },
  { path: "/contracts/:contract/:version", desk: "/contracts", page: <ContractPage /> },
  { path: "/prices", desk: "/prices", page: <PricePage /> },
  { path: "/cases", desk: "/cases", page: <CaseList /> },
  { path: "/cases/:case", desk: "/cases", page: <CasePage /> },
  { path: "/parcels", desk: "/parcels", page: <ParcelList /> },
  { path: "/parcels/:code", desk: "/parcels", page: <ParcelPage /> },
  { path: "/dispatch", desk: "/dispatch", page: <DispatchPage /> },
  { path: "/levels", desk: "/levels", page: <ScoreList /> },
  { path: "/levels/:account", desk: "/levels", page: <ScorePage /> },
  { path: "/levels/:account/behind/:indicator", desk: "/levels", page: <BehindPage /> },
  { path: "/scales", desk: "/scales", page: <ScalesPage /> },
];

// The frame of every office page: who one is, where one may go, and the page that the address names.
export default function OfficeFrame() {
  const { t } = useTranslation();
  const caller = currentCaller();
  const [station, setStation] = useState(false);
  const zone = useSyncExternalStore(onZoneShown, zoneShown);
  useEffect(() => {
    host().then(
      (by) => setStation(by.station),
      () => setStation(false),
    );
  }, []);
  const open = deskEntries.filter((desk) => may(desk.needs));
  return (
    <div className="office">
      <a className="skip" href="#desk">
        {t("nav.skip")}
      </a>
      <header className="desk-header">
        <Link to={homePath()} className="brand">
          KeyAccountLogistics
        </Link>
        <span className="right">
          <span className="who">
            {caller?.displayName}
            <small> · {caller?.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(t("list.comma"))}</small>
          </span>
          <LanguageSwitch />
          <Button size="small" onClick={() => void signOut()}>
            {t("sign_in.leave")}
          </Button>
        </span>
      </header>
      <nav className="desk-menu" aria-label={t("nav.menu")}>
        {open.map((desk) => (
          <NavLink key={desk.path} to={desk.path}>
            <MenuIcon name={desk.icon} />
            <span>{t(desk.text)}</span>
          </NavLink>
        ))}
        {station && (
          <NavLink to="/station">
            <MenuIcon name="station" />
            <span>{t("station.station")}</span>
          </NavLink>
        )}
      </nav>
      <main className="desk" id="desk" tabIndex={-1}>
        <Suspense fallback={<Spin className="waiting" />}>
          <Routes>
            {pages.map(({ path, desk, page }) => (
              <Route key={path} path={path} element={open.some((one) => one.path === desk) ? page : <NotYours />} />
            ))}
          </Routes>
        </Suspense>
        <footer className="quiet-text">{t("app.zone", { zone })}</footer>
      </main>
    </div>
  );
}

function NotYours() {
  const { t } = useTranslation();
  useTitle(t("nav.not_yours"));
  return (
    <div className="page-problem" role="alert">
      <h1>{t("nav.not_yours")}</h1>
      <p>{t("app.forbidden")}</p>
      <Link to={homePath()}>{t("nav.home")}</Link>
    </div>
  );
}
