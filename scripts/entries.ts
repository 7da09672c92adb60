import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The entry points of the package, by the name of their file in src/. A "listed" entry is in the "exports" of
 * package.json (`npm run exports -- --write`); an "unlisted" one is only built.
 */
const ENTRIES: Readonly<Record<string, "listed" | "unlisted">> = {
  index: "listed",
  connection: "listed",
  rpc: "listed",
  testing: "listed",
  websocket: "unlisted",
};

/** The names of the entries that users can import. */
export const listed: readonly string[] = Object.keys(ENTRIES).filter((name) => ENTRIES[name] === "listed");

/** The entries whose file exists, for the build: `{ index: "src/index.ts", ... }`. */
export const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(ENTRIES)
    .map((name) => [name, `src/${name}.ts`] as const)
    .filter(([, file]) => existsSync(inRoot(file))),
);

/** The absolute path of a file of this repository. */
export function inRoot(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}
