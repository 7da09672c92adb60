import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/** Dependencies whose code becomes part of ours, in the CDN file and for Node, where each file that is imported costs time. */
export const inlined: readonly string[] = ["eventemitter3", "isomorphic-ws"];

const EMITTER = join(
  dirname(fileURLToPath(import.meta.resolve("eventemitter3/package.json"))),
  "dist",
  "eventemitter3.esm.js",
);
const NOTICE = "/*! eventemitter3, (c) 2014 Arnout Kazemier, MIT: see THIRD-PARTY-LICENSES.md */\n";

export const inlinePlugin: Plugin = {
  name: "inline-dependencies",
  setup(build) {
    // The ES module that it ships; what its "exports" name is CommonJS, and needs a wrapper.
    build.onResolve({ filter: /^eventemitter3$/ }, () => ({ path: EMITTER }));
    build.onLoad({ filter: /eventemitter3\.esm\.js$/ }, async ({ path }) => ({
      contents: NOTICE + (await readFile(path, "utf8")),
    }));
    // All that it is in Node: `module.exports = require("ws")`.
    build.onResolve({ filter: /^isomorphic-ws$/ }, () => ({ path: "ws", external: true }));
  },
};
