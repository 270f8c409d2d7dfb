import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
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
