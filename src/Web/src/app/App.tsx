import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { BrowserRouter, Navigate, Route, Routes, useParams } from "react-router-dom";
import { Station } from "../desks/station/Station";
import { type Host, host } from "./host";
import { currentCaller, onSession, resume } from "./session";

// The kiosk must be up at once on a small machine: the component library is loaded only for the desks that use it.
const Office = lazy(() => import("./Office"));
const SignInPage = lazy(() => import("../desks/signin/SignInPage"));
const Desk = lazy(() => import("../desks/parcel/Desk"));

export function App() {
  const { t } = useTranslation();
  const [by, setBy] = useState<Host>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    host().then(setBy, () => setFailed(true));
  }, []);
  if (failed) {
    return (
      <p className="page-problem" role="alert">
        {t("app.unreachable")}{" "}
        <button type="button" onClick={() => location.reload()}>
          {t("app.again")}
        </button>
      </p>
    );
  }
  if (!by) return null;
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Navigate to={by.station ? "/station" : "/parcels"} replace />} />
        <Route path="/station" element={<Station wanted={undefined} />} />
        <Route path="/station/:station" element={<StationAt />} />
        <Route
          path="/sign-in"
          element={
            <Suspense fallback={null}>
              <Office>
                <SignInPage />
              </Office>
            </Suspense>
          }
        />
        <Route
          path="/parcels/*"
          element={
            <SignedIn>
              <Suspense fallback={null}>
                <Office>
                  <Desk />
                </Office>
              </Suspense>
            </SignedIn>
          }
        />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
    </BrowserRouter>
  );
}

function StationAt() {
  const { station } = useParams();
  return <Station wanted={station} />;
}

function SignedIn({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  const [state, setState] = useState<"asking" | "in" | "out" | "unreachable">(currentCaller() ? "in" : "asking");
  useEffect(() => {
    const off = onSession(() => setState(currentCaller() ? "in" : "out"));
    resume().then(
      (ok) => setState(ok ? "in" : "out"),
      () => setState("unreachable"),
    );
    return off;
  }, []);
  if (state === "asking") return null;
  if (state === "unreachable") return <p className="page-problem">{t("app.unreachable")}</p>;
  if (state === "out") return <Navigate to={`/sign-in?back=${encodeURIComponent(location.pathname)}`} replace />;
  return children;
}
