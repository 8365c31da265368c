import { createHash } from "node:crypto";
import type { Plugin } from "vite";

// Writes the service worker of the courier's page: its document and exactly the files that page can need, so that a phone opens it without network. Its name for the cache follows
// from the files: a new build is a new cache, fetched whole before it takes over.
export function courierWorker(page: string): Plugin {
  return {
    name: "courier-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const needed = new Set<string>();
      const walk = (file: string) => {
        const chunk = bundle[file];
        if (!chunk || needed.has(file)) return;
        needed.add(file);
        if (chunk.type !== "chunk") return;
        for (const one of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? []), ...chunk.imports]) walk(one);
        // What the courier's own parts load later; what the entry loads later is other desks.
        if (!chunk.isEntry) for (const one of chunk.dynamicImports) walk(one);
      };
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const own = chunks.find((one) => one.facadeModuleId?.endsWith(page));
      if (!own) throw new Error(`no chunk of ${page}`);
      for (const chunk of chunks) if (chunk.isEntry) walk(chunk.fileName);
      walk(own.fileName);
      const files = [...needed].sort().map((file) => `/${file}`);
      const fixed = ["/index.html", "/courier.webmanifest", "/icon.svg", "/icon-192.png", "/icon-512.png"];
      const version = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
      this.emitFile({ type: "asset", fileName: "courier-worker.js", source: worker(`courier-${version}`, [...fixed, ...files]) });
    },
  };
}

const worker = (cache: string, files: string[]) => `// Made by the build (courierWorker.ts).
const cacheName = ${JSON.stringify(cache)};
const files = ${JSON.stringify(files)};
self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: "reload" })))).then(() => self.skipWaiting()),
  );
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("courier-") && name !== cacheName).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const kept = event.request.mode === "navigate" ? "/index.html" : url.pathname;
  if (files.includes(kept)) event.respondWith(caches.match(kept, { cacheName }).then((hit) => hit ?? fetch(event.request)));
});
`;
