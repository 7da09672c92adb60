// What each part adds to what a page pays: minified bytes by folder of src/, for each entry of size-budget.json.
// With --write, writes the table into docs/decisions/size.md.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { inRoot } from "./entries.ts";

/** As in size-budget.json; see size.ts. */
interface Entry {
  readonly import: string;
  readonly name: string;
  readonly entry: string;
}

interface Parts {
  readonly name: string;
  readonly gzipped: number;
  readonly bytes: ReadonlyMap<string, number>;
}

const START = "<!-- parts -->";
const END = "<!-- /parts -->";

async function measure({ import: specifier, name, entry }: Entry): Promise<Parts> {
  const result = await build({
    stdin: { contents: `export { ${name} } from "./${entry}"`, resolveDir: inRoot(".") },
    absWorkingDir: inRoot("."),
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    metafile: true,
  });
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(result.metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const part = /^src\/(\w+)\//.exec(file)?.[1] ?? /node_modules\/([^/]+)\//.exec(file)?.[1];
      if (part !== undefined) bytes.set(part, (bytes.get(part) ?? 0) + bytesInOutput);
    }
  }
  const code = result.outputFiles[0]?.contents ?? new Uint8Array();
  return { name: specifier, bytes, gzipped: gzipSync(code, { level: 9 }).length };
}

function toTable(entries: readonly Parts[]): string {
  const largest = new Map<string, number>();
  for (const { bytes } of entries)
    for (const [part, size] of bytes) largest.set(part, Math.max(size, largest.get(part) ?? 0));
  const parts = [...largest].sort(([, a], [, b]) => b - a).map(([part]) => part);
  const cell = (bytes: number | undefined): string => (bytes === undefined ? "" : `${String(bytes)} B`);
  const total = ({ bytes }: Parts): number => [...bytes.values()].reduce((sum, each) => sum + each, 0);
  const rows = [
    ["minified", ...entries.map(({ name }) => "`" + name + "`")],
    ["---", ...entries.map(() => "---:")],
    ...parts.map((part) => ["`" + part + "`", ...entries.map(({ bytes }) => cell(bytes.get(part)))]),
    ["all parts", ...entries.map((entry) => cell(total(entry)))],
    ["the bundle, gzipped", ...entries.map(({ gzipped }) => cell(gzipped))],
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const entries = JSON.parse(readFileSync(inRoot("size-budget.json"), "utf8")) as readonly Entry[];
const table = toTable(await Promise.all(entries.map(measure)));
console.log(table);
if (process.argv.includes("--write")) {
  const file = inRoot("docs/decisions/size.md");
  const text = readFileSync(file, "utf8");
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start === -1 || end === -1) throw new Error(`${file} has no ${START} and ${END}`);
  writeFileSync(file, `${text.slice(0, start + START.length)}\n\n${table}\n\n${text.slice(end)}`);
}
