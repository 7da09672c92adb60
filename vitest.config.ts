import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { nodePlatform } from "./scripts/platform.ts";

/** The Node flavour of the source: see scripts/platform.ts. Without it, the source is the browser flavour. */
const nodeFlavour: Plugin = {
  name: "node-platform",
  enforce: "pre",
  resolveId: (specifier, importer) => (importer === undefined ? undefined : nodePlatform(specifier, importer)),
};

const all = { lines: 100, branches: 100 };

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [nodeFlavour],
        test: {
          name: "unit",
          environment: "node",
          include: ["test/{unit,model,simulation,architecture}/**/*.test.ts"],
          // Time is virtual here; walks and property tests take what a busy machine gives them.
          testTimeout: 120_000,
        },
      },
      {
        plugins: [nodeFlavour],
        test: {
          name: "integration",
          environment: "node",
          include: ["test/integration/node/**/*.test.ts"],
          // Real servers, processes and time: a busy machine may take a while.
          testTimeout: 20_000,
          // `ws` as users have it: without the native parts that another package of the tests brings along.
          env: { WS_NO_BUFFER_UTIL: "1", WS_NO_UTF_8_VALIDATE: "1" },
        },
      },
      {
        test: {
          name: "happy-dom",
          environment: "happy-dom",
          include: ["test/integration/happy-dom/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        // On the built package: `npm run build` first. Other runners are started here, and a busy machine may take a while.
        test: {
          name: "dist",
          environment: "node",
          include: ["test/dist/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text", "html", "json-summary"],
      thresholds: {
        lines: 95,
        branches: 95,
        functions: 95,
        statements: 95,
        "src/core/**": all,
        "src/connection/machine.ts": all,
      },
    },
  },
});
