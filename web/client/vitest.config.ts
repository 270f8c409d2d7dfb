import { defineConfig } from "vitest/config";

// One process: the tests are many and short, and machines that run them have few cores.
export default defineConfig({ test: { include: ["tests/**/*.test.ts"], pool: "threads", maxWorkers: 1, isolate: false } });
