import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { worker } from "./worker/plugin.ts";

const client = fileURLToPath(new URL("../client/src", import.meta.url));
// What every page needs is one file, and what most of them need another: many small ones compress worse, by a tenth in all.
const OF_MUI =
  "styles utils internal Box Button ButtonBase IconButton SvgIcon Typography Paper Link Modal Popover Popper Tooltip " +
  "Menu MenuItem MenuList List Portal Grow Fade Backdrop FocusTrap Unstable_TrapFocus transitions";
const PACKAGES = ["react", "react-dom", "scheduler", "@emotion", "stylis", "@tanstack/(history|query-core|react-query|react-router|react-store|router-core|store)"];
const PARTS = ["system", "styled-engine", "utils", "private-theming"].map((part) => `@mui/${part}`);
const BASE = new RegExp(
  `/node_modules/(${[...PACKAGES, ...PARTS, ...OF_MUI.split(" ").map((part) => `@mui/material/${part}`)].join("|")})/`,
);
const MANY = 24; // of the parts that are loaded by themselves: screens, dialogs, forms

export default defineConfig({
  plugins: [react(), worker()],
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
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "base", test: BASE, priority: 1 }, { name: "common", minShareCount: MANY }] } } },
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2023",
  },
});
