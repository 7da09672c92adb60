import { build, type Plugin } from "esbuild";

const MAIN = "main";

/**
 * Code that is split by who needs it makes a dozen files of these entries, and in Node each file costs time when it is
 * imported, whatever its size (`docs/performance.md`). So these take what is theirs from one file, and only what other
 * entries share with them is apart. In the browser a bundler does that.
 */
const IN_ONE = ["index", "connection", "rpc", "node", "websocket"];

/** The entries of a build for Node: `main` holds the code of some, and `oneFilePlugin` makes of those what takes it from there. */
export function inOneFile(entries: Readonly<Record<string, string>>): Record<string, string> {
  return { ...entries, [MAIN]: `src/${MAIN}.ts` };
}

export const oneFilePlugin: Plugin = {
  name: "one-file",
  setup(plugin) {
    const entry = new RegExp(`^(?:\\./)?src/(?:${IN_ONE.join("|")})\\.ts$`);
    plugin.onResolve({ filter: entry }, ({ path, kind }) =>
      kind === "entry-point" ? { path, namespace: "one-file" } : undefined,
    );
    plugin.onResolve({ filter: new RegExp(`^\\./${MAIN}\\.js$`), namespace: "one-file" }, ({ path }) => ({
      path,
      external: true,
    }));
    plugin.onLoad({ filter: /./, namespace: "one-file" }, async ({ path }) => ({
      contents: `export { ${(await namesOf(path)).join(", ")} } from "./${MAIN}.js";`,
    }));
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
