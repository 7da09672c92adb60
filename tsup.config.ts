import { defineConfig, type Options } from "tsup";
import { commonjs } from "./scripts/commonjs.ts";
import { inlined, inlinePlugin } from "./scripts/dependencies.ts";
import { browserEntries, entries, nodeEntries, plainEntries } from "./scripts/entries.ts";
import { inOneFile, oneFilePlugin } from "./scripts/one-file.ts";
import { nodePlatformPlugin } from "./scripts/platform.ts";

/** Split into shared chunks, so that a class is the same class in every entry. Dependencies stay outside. */
const common: Options = {
  format: "esm",
  plugins: [commonjs],
  target: "es2022",
  splitting: true,
  sourcemap: true,
  clean: true,
};

const cdn: Options = {
  entry: { holdfast: "src/index.ts" },
  outDir: "dist/cdn",
  format: "esm",
  target: "es2022",
  platform: "browser",
  noExternal: [/./],
  esbuildPlugins: [inlinePlugin],
  splitting: false,
  minify: true,
  sourcemap: true,
  clean: true,
};

/** So that `Symbol.asyncDispose` is known to programs whose "lib" ends before it, from TypeScript 5.4 on. */
const types = '/// <reference lib="esnext.disposable" />';

export default defineConfig([
  { ...common, entry: browserEntries, outDir: "dist/browser", platform: "browser" },
  {
    ...common,
    entry: inOneFile(nodeEntries),
    outDir: "dist/node",
    platform: "node",
    noExternal: [...inlined],
    esbuildPlugins: [oneFilePlugin, inlinePlugin, nodePlatformPlugin],
  },
  { ...common, entry: plainEntries, outDir: "dist/plain" },
  cdn,
  { entry: entries, outDir: "dist/types", format: ["esm", "cjs"], dts: { only: true, banner: types }, clean: true },
]);
