import { configDefaults, defineConfig, mergeConfig } from "vitest/config";
import app from "./vite.config.ts";

const DECLARES = "tests/sixth.test.tsx"; // other modules than ours, in the place of what the rest have loaded

// One thread that evaluates each module once: with one for each file, React and MUI take most of the time. What a test
// puts into the page or into storage it takes away itself.
export default mergeConfig(
  app,
  defineConfig({
    test: {
      pool: "threads",
      maxWorkers: 1,
      setupFiles: ["tests/patience.ts"],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      projects: [
        { extends: true, test: { name: "app", isolate: false, exclude: [...configDefaults.exclude, DECLARES] } },
        { extends: true, test: { name: "declared", include: [DECLARES] } },
      ],
    },
  }),
);
