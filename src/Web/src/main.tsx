import "./app/nonce";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./app/texts";
import "./app/app.css";

// A courier's phone asks nobody what serves the page: it opens without network.
const Courier = lazy(() => import("./desks/courier/CourierApp"));
const isCouriers = location.pathname === "/courier" || location.pathname.startsWith("/courier/");

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      {isCouriers ? (
        <Suspense fallback={null}>
          <Courier />
        </Suspense>
      ) : (
        <App />
      )}
    </StrictMode>,
  );
}
