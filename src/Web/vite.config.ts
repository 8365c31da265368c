import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { courierWorker } from "./courierWorker.ts";

// No inline script leaves the build, so that the pages run under script-src 'self'. The dev server forwards RPCs to a running demonstration.
export default defineConfig({
  plugins: [react(), courierWorker("desks/courier/CourierApp.tsx")],
  build: {
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { "^/(kal\\.|host\\.json)": "http://127.0.0.1:8080" } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
