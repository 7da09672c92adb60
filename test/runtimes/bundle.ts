import { build, type Plugin } from "esbuild";
import { inRoot } from "../../scripts/entries.ts";

/** What a bundler for Workers looks for, in the order of the package's own conditions. */
const WORKER_CONDITIONS = ["workerd", "worker", "browser"];

/** Finds the package in the project in which it is installed, and not in this repository. */
function installedIn(folder: string): Plugin {
  return {
    name: "installed",
    setup(builder) {
      builder.onResolve({ filter: /^holdfast(\/|$)/ }, ({ path, kind, pluginData }) =>
        pluginData === "seen" ? undefined : builder.resolve(path, { kind, resolveDir: folder, pluginData: "seen" }),
      );
    },
  };
}

/** Bundles an entry of the suite into one module that imports the package by its name. */
export async function bundleScript(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [inRoot(`test/runtimes/${entry}`)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    external: ["holdfast", "ws", "node:*"],
  });
}

/** Bundles the suite together with the package that is installed in `folder`, as one does for Workers. */
export async function bundleWorker(folder: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [inRoot("test/runtimes/entry-worker.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    conditions: WORKER_CONDITIONS,
    mainFields: ["module", "main"],
    target: "es2022",
    plugins: [installedIn(folder)],
  });
}
