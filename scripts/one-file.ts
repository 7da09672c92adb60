import { dirname, resolve, sep } from "node:path";
import { build, type Plugin } from "esbuild";
import { inRoot } from "./entries.ts";

const MAIN = "main";

/**
 * Code that is split by who needs it makes a dozen files of these entries, and in Node each file costs time when it is
 * imported, whatever its size (`docs/performance.md`). So the first hold no more than names of what is in one file, and
 * the drop-in class takes from it what is not its own. In the browser a bundler does that.
 */
const NAMES_ONLY = ["index", "connection", "rpc", "node"];
const APART = inRoot("src/websocket") + sep;

/** The entries of a build for Node, and the one file. */
export function inOneFile(entries: Readonly<Record<string, string>>): Record<string, string> {
  return { ...entries, [MAIN]: `src/${MAIN}.ts` };
}

export const oneFilePlugin: Plugin = {
  name: "one-file",
  setup(plugin) {
    const fromMain = { path: `./${MAIN}.js`, external: true };
    const entry = new RegExp(`^(?:\\./)?src/(?:${NAMES_ONLY.join("|")})\\.ts$`);
    plugin.onResolve({ filter: entry }, ({ path, kind }) =>
      kind === "entry-point" ? { path, namespace: "one-file" } : undefined,
    );
    plugin.onResolve({ filter: /./, namespace: "one-file" }, () => fromMain);
    plugin.onLoad({ filter: /./, namespace: "one-file" }, async ({ path }) => ({
      contents: `export { ${(await namesOf(path)).join(", ")} } from "./${MAIN}.js";`,
    }));
    plugin.onResolve({ filter: /^\.\.\// }, ({ path, importer }) =>
      importer.startsWith(APART) && !resolve(dirname(importer), path).startsWith(APART) ? fromMain : undefined,
    );
  },
};

/** What a module exports. */
async function namesOf(file: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [file],
    bundle: true,
    packages: "external",
    format: "esm",
    write: false,
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}
