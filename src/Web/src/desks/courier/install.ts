// The phone keeps this page and its parts, so that it opens without network; the other desks are served anew each time.
export function installable() {
  if (!document.querySelector('link[rel="manifest"]')) {
    const link = document.createElement("link");
    [link.rel, link.href] = ["manifest", "/courier.webmanifest"];
    document.head.append(link);
  }
  void navigator.storage?.persist?.();
  if (import.meta.env.PROD && "serviceWorker" in navigator)
    void navigator.serviceWorker.register("/courier-worker.js", { scope: "/courier" });
}
