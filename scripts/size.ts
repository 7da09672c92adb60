// What a page pays: bundles each entry as an application's bundler would (browser flavour, dependencies included),
// prints the sizes and compares them with size-budget.json. With --write, also writes the table into README.md;
// without, fails when the README's numbers are no longer the real ones.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { inRoot } from "./entries.ts";

interface Budget {
  /** The specifier a user imports. */
  readonly import: string;
  /** The file in src/ behind it. */
  readonly entry: string;
  /** What of it a page imports. */
  readonly name: string;
  /** What it was meant to weigh: bytes, minified and gzipped. */
  readonly goal: number;
  /** The most it may weigh. */
  readonly limit: number;
}

interface Size extends Budget {
  readonly minified: number;
  readonly gzipped: number;
}

const START = "<!-- sizes -->";
const END = "<!-- /sizes -->";
/** The zlibs of different machines differ by a few bytes; the README may be off by this share. */
const TOLERANCE = 0.01;

async function measure(budget: Budget): Promise<Size> {
  const result = await build({
    stdin: { contents: `export { ${budget.name} } from "./${budget.entry}"`, resolveDir: inRoot(".") },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
  });
  const code = result.outputFiles[0]?.contents ?? new Uint8Array();
  return { ...budget, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

function toTable(sizes: readonly Size[]): string {
  const bytes = (count: number): string => `${String(count)} B`;
  const rows = sizes.map((size) => [
    "`" + size.import + "`",
    bytes(size.gzipped),
    bytes(size.minified),
    bytes(size.limit),
    bytes(size.goal),
  ]);
  const table = [["import", "min + gzip", "minified", "budget (gzip)", "goal (gzip)"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(table[0] ?? []), line(rule), ...table.slice(1).map(line)].join("\n");
}

/** Whether each row of the README's table says about what was measured. */
function agrees(table: string, sizes: readonly Size[]): boolean {
  const rows = table.split("\n").filter((row) => row.startsWith("| `"));
  return (
    rows.length === sizes.length &&
    sizes.every((size, index) => {
      const [name, gzipped] = (rows[index] ?? "").split("|").slice(1, 3);
      const written = Number.parseInt(gzipped ?? "", 10);
      return name?.trim() === "`" + size.import + "`" && Math.abs(written - size.gzipped) <= size.gzipped * TOLERANCE;
    })
  );
}

function updateReadme(sizes: readonly Size[], write: boolean): void {
  const readme = inRoot("README.md");
  const text = existsSync(readme) ? readFileSync(readme, "utf8") : "";
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start === -1 || end === -1) return;
  if (write) {
    writeFileSync(readme, `${text.slice(0, start + START.length)}\n\n${toTable(sizes)}\n\n${text.slice(end)}`);
  } else if (!agrees(text.slice(start, end), sizes)) {
    console.error("The sizes in README.md are not the real ones: npm run size -- --write");
    process.exitCode = 1;
  }
}

const budgets = JSON.parse(readFileSync(inRoot("size-budget.json"), "utf8")) as readonly Budget[];
const sizes = await Promise.all(budgets.filter(({ entry }) => existsSync(inRoot(entry))).map(measure));
console.log(toTable(sizes));
for (const { import: name, gzipped, limit } of sizes) {
  if (gzipped > limit) {
    console.error(`${name} is ${String(gzipped - limit)} B over its budget of ${String(limit)} B.`);
    process.exitCode = 1;
  }
}
updateReadme(sizes, process.argv.includes("--write"));
