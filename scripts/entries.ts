import { fileURLToPath } from "node:url";

/**
 * The entry points of the package, by the name of their file in src/, and for whom `npm run exports -- --write` names
 * them in package.json: a "flavoured" one has a build for Node and one for all else, a "node" one is for Node alone, and
 * a "plain" one is the same file everywhere.
 */
const ENTRIES: Readonly<Record<string, "flavoured" | "node" | "plain">> = {
  index: "flavoured",
  connection: "flavoured",
  rpc: "flavoured",
  testing: "plain",
  node: "node",
  websocket: "flavoured",
};

function filesOf(...kinds: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(ENTRIES)
      .filter(([, kind]) => kinds.includes(kind))
      .map(([name]) => [name, `src/${name}.ts`]),
  );
}

/** All, for the build: `{ index: "src/index.ts", ... }`. */
export const entries: Readonly<Record<string, string>> = filesOf("flavoured", "node", "plain");
export const browserEntries: Readonly<Record<string, string>> = filesOf("flavoured");
export const nodeEntries: Readonly<Record<string, string>> = filesOf("flavoured", "node");
export const plainEntries: Readonly<Record<string, string>> = filesOf("plain");

/** The absolute path of a file of this repository. */
export function inRoot(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}
