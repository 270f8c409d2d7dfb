import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const client = fileURLToPath(new URL("../client/src", import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    // Its sources, so that no build of it is older than they are.
    alias: [
      { find: /^@openhouse\/client$/, replacement: `${client}/index.ts` },
      { find: /^@openhouse\/client\/(.+)$/, replacement: `${client}/$1` },
    ],
    dedupe: ["react", "react-dom", "@tanstack/react-query"],
  },
  build: {
    outDir: "../../build/web",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the policy of the page allows no data: fonts
    manifest: ".vite/manifest.json", // what is loaded with what, for the test of sizes; never served
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2023",
  },
});
