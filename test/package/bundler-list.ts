import type { Bundler } from "./bundlers.ts";

const BROWSER_ONLY = { targets: [], kind: "module", shakes: true } as const;

const vite: Bundler = {
  name: "Vite",
  packages: ["vite@8"],
  files: {
    // Without the part that loads other scripts: it needs a document, and there are no other scripts.
    "vite.config.js": `export default {
      build: { modulePreload: { polyfill: false }, rollupOptions: { input: process.env.ENTRY } },
      ssr: { noExternal: true },
    };`,
  },
  command: (app, target) =>
    target === "node"
      ? ["vite", "build", "--ssr", `${app}.js`, "--outDir", "out/node"]
      : ["vite", "build", "--outDir", `out/${app}`],
  env: (app) => ({ ENTRY: `${app}.js` }),
  output: (app, target) => (target === "node" ? `out/node/${app}.js` : `out/${app}/assets`),
  kind: "module",
  targets: ["node"],
  nodeHasWs: true,
  shakes: true,
};

const webpack: Bundler = {
  name: "webpack",
  packages: ["webpack@5", "webpack-cli@7"],
  files: {
    "webpack.config.js": `export default ({ app, target }) => ({
      mode: "production",
      entry: \`./\${app}.js\`,
      target: { browser: "web", worker: "webworker" }[target] ?? target,
      externals: target === "node" ? { ws: "commonjs ws" } : {},
      output: { path: import.meta.dirname + "/out", filename: \`\${app}-\${target}.cjs\` },
    });`,
  },
  command: (app, target) => ["webpack", "--env", `app=${app}`, "--env", `target=${target}`],
  output: (app, target) => `out/${app}-${target}.cjs`,
  kind: "script",
  targets: ["worker", "node"],
  shakes: true,
};

const rspack: Bundler = {
  ...webpack,
  name: "Rspack",
  packages: ["@rspack/core@2"],
  files: {
    "build.js": `import { rspack } from "@rspack/core";
    const [, , app, target] = process.argv;
    const compiler = rspack({
      mode: "production",
      entry: \`./\${app}.js\`,
      target: { browser: "web", worker: "webworker" }[target] ?? target,
      externals: target === "node" ? { ws: "commonjs ws" } : {},
      output: { path: import.meta.dirname + "/out", filename: \`\${app}-\${target}.cjs\` },
    });
    compiler.run((error, stats) => {
      if (error) throw error;
      console.log(stats.toString());
      process.exitCode = stats.hasErrors() ? 1 : 0;
    });`,
  },
  command: (app, target) => ["node", "build.js", app, target],
};

const rollup: Bundler = {
  ...BROWSER_ONLY,
  name: "Rollup",
  packages: [
    "rollup@4.65.0", // the last whose builds for other platforms every registry has; see CONTRIBUTING.md
    "@rollup/plugin-node-resolve@16",
    "@rollup/plugin-commonjs@29",
    "@rollup/plugin-terser@1",
  ],
  files: {
    "rollup.config.js": `import resolve from "@rollup/plugin-node-resolve";
    import commonjs from "@rollup/plugin-commonjs";
    import terser from "@rollup/plugin-terser";
    const { ENTRY } = process.env;
    export default {
      input: ENTRY,
      output: { file: "out/" + ENTRY, format: "es" },
      plugins: [resolve({ browser: true }), commonjs(), terser()],
    };`,
  },
  command: () => ["rollup", "-c", "rollup.config.js"],
  env: (app) => ({ ENTRY: `${app}.js` }),
  output: (app) => `out/${app}.js`,
};

const esbuild: Bundler = {
  name: "esbuild",
  packages: ["esbuild@0.28"],
  files: {},
  command: (app, target) =>
    target === "node"
      ? ["esbuild", `${app}.js`, "--bundle", "--minify", "--platform=node", `--outfile=out/${app}-node.cjs`]
      : ["esbuild", `${app}.js`, "--bundle", "--minify", "--format=esm", `--outfile=out/${app}-browser.js`],
  output: (app, target) => (target === "node" ? `out/${app}-node.cjs` : `out/${app}-browser.js`),
  kind: "module",
  targets: ["node"],
  nodeHasWs: true,
  shakes: true,
};

const parcel: Bundler = {
  ...BROWSER_ONLY,
  name: "Parcel",
  packages: ["parcel@2"],
  // Parcel heeds "exports" only if it is asked to; without, there is the main entry alone.
  manifest: { "@parcel/resolver-default": { packageExports: true } },
  files: {},
  command: (app) => ["parcel", "build", `${app}.js`, "--no-source-maps", "--no-cache", "--dist-dir", "out"],
  output: (app) => `out/${app}.js`,
  kind: "script",
};

const metro: Bundler = {
  ...BROWSER_ONLY,
  name: "Metro",
  page: "React Native",
  packages: ["metro@0.84", "@react-native/metro-config@0.86", "@babel/runtime@7"],
  manifest: { type: "commonjs" },
  files: {
    // React Native itself, which comes before the application, is not there.
    "metro.config.js": `const { getDefaultConfig, mergeConfig } = require("@react-native/metro-config");
    const serializer = { getModulesRunBeforeMainModule: () => [] };
    module.exports = mergeConfig(getDefaultConfig(__dirname), { serializer });`,
    "out/.keep": "",
  },
  command: (app) => ["metro", "build", `${app}.js`, "--out", `out/${app}`, "--minify", "true", "--platform", "ios"],
  output: (app) => `out/${app}.js`,
  kind: "script",
  shakes: false,
  slow: true,
};

/** The bundlers, each with the settings that its manual gives for an application. */
export const BUNDLERS: readonly Bundler[] = [vite, webpack, rspack, rollup, esbuild, parcel, metro];
