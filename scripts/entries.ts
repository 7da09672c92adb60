import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The entry points of the package, by the name of their file in src/. A "listed" entry is in the "exports" of
 * package.json (`npm run exports -- --write`); a "node" one too, but there is none of it outside Node; an "unlisted" one
 * is only built.
 */
const ENTRIES: Readonly<Record<string, "listed" | "node" | "unlisted">> = {
  index: "listed",
  connection: "listed",
  rpc: "listed",
  testing: "listed",
  node: "node",
  websocket: "listed",
};

/** The names of the entries that users can import everywhere. */
export const listed: readonly string[] = Object.keys(ENTRIES).filter((name) => ENTRIES[name] === "listed");

/** The names of the entries that users can import in Node alone. */
export const nodeOnly: readonly string[] = Object.keys(ENTRIES).filter((name) => ENTRIES[name] === "node");

/** The entries whose file exists, for the build: `{ index: "src/index.ts", ... }`. */
export const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(ENTRIES)
    .map((name) => [name, `src/${name}.ts`] as const)
    .filter(([, file]) => existsSync(inRoot(file))),
);

/** Those of them that the browser flavour has. */
export const browserEntries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(entries).filter(([name]) => !nodeOnly.includes(name)),
);

/** The absolute path of a file of this repository. */
export function inRoot(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}
