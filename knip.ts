import type { KnipConfig } from "knip";
import { entries } from "./scripts/entries.ts";

const config: KnipConfig = {
  entry: [
    ...Object.values(entries),
    "src/main.ts", // see scripts/one-file.ts
    // Put in the place of platform.ts by the build: see scripts/platform.ts.
    "src/transport/platform-node.ts",
    "src/websocket/platform-node.ts",
    "scripts/*.ts",
    "test/**/*.test.ts",
    "test/conformance/{entry-*.ts,*.d.ts}", // what is bundled, and the types of plain JavaScript beside it
    // Suites with runners of their own: bundled for a browser, or started as a process.
    "test/{browsers,network,package,runtimes,servers,simulation,mutants}/**/*.{ts,cts,js,mjs}",
    "examples/**/*.{ts,tsx,js}",
    "bench/**/*.ts",
  ],
  // A type that a declaration of the same file names has to be exported, or the declarations cannot be written.
  ignoreExportsUsedInFile: true,
  // The pages of examples/ load these from their servers.
  ignoreUnresolved: [/^\/(holdfast|uplot|room)\.js$/],
  ignoreBinaries: ["openssl", "WebKitWebDriver", "Xvfb", "taskset"], // the suites install them, or go without
  // Named in code blocks of the documentation, which the tests check, and in pages that are bundled on the fly. Jest is
  // started as a process, on the one of the guide "Testing your app".
  ignoreDependencies: ["zod", "jest", "@jest/globals"],
  project: ["src/**", "scripts/**", "test/**", "examples/**", "bench/**"],
};

export default config;
