// Checks that the "exports" of package.json are what scripts/entries.ts calls for; with --write, writes them.
import { readFileSync, writeFileSync } from "node:fs";
import { browserEntries, entries, inRoot, plainEntries } from "./entries.ts";

/** Order matters: a bundler or runtime takes the first one that it knows. */
const CONDITIONS: Readonly<Record<string, "browser" | "node">> = {
  workerd: "browser",
  "edge-light": "browser",
  worker: "browser",
  browser: "browser",
  "react-native": "browser",
  node: "node",
  default: "browser",
};

function conditionsOf(entry: string): object {
  if (entry in plainEntries) return filesOf(entry, "plain");
  if (!(entry in browserEntries)) return nodeConditionsOf(entry);
  return Object.fromEntries(Object.entries(CONDITIONS).map(([name, flavour]) => [name, filesOf(entry, flavour)]));
}

function filesOf(entry: string, flavour: string): object {
  return {
    import: { types: `./dist/types/${entry}.d.ts`, default: `./dist/${flavour}/${entry}.js` },
    require: { types: `./dist/types/${entry}.d.cts`, default: `./dist/${flavour}/${entry}.cjs` },
  };
}

/** The types stand apart: TypeScript for a bundler knows no condition "node". */
function nodeConditionsOf(entry: string): object {
  return {
    types: { import: `./dist/types/${entry}.d.ts`, require: `./dist/types/${entry}.d.cts` },
    node: { import: `./dist/node/${entry}.js`, require: `./dist/node/${entry}.cjs` },
  };
}

const file = inRoot("package.json");
const manifest = JSON.parse(readFileSync(file, "utf8")) as { exports?: object };
const expected: object = {
  ...Object.fromEntries(
    Object.keys(entries).map((entry) => [entry === "index" ? "." : `./${entry}`, conditionsOf(entry)]),
  ),
  "./package.json": "./package.json",
};

if (process.argv.includes("--write")) {
  manifest.exports = expected;
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
} else if (JSON.stringify(manifest.exports) !== JSON.stringify(expected)) {
  console.error('The "exports" of package.json are not those of scripts/entries.ts: npm run exports -- --write');
  process.exitCode = 1;
}
