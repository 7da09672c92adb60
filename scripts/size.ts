// What a page pays: bundles each entry as an application's bundler would (browser flavour, dependencies included),
// prints the sizes and compares them with size-budget.json. With --write, also writes the table into README.md;
// without, fails when the README's numbers are no longer the real ones.
import { toTable } from "./markdown-table.ts";
import { type Budget, BUDGETS, type PageBundle, pageBundle } from "./page-bundle.ts";
import { readSection, writeSection } from "./section.ts";

type Size = Budget & PageBundle;

/** The zlibs of different machines differ by a few bytes; the README may be off by this share. */
const TOLERANCE = 0.01;
const HEAD = ["import", "min + gzip", "minified", "budget (gzip)", "goal (gzip)"];

function rowOf(size: Size): string[] {
  const bytes = [size.gzipped, size.minified, size.limit, size.goal].map((count) => `${String(count)} B`);
  return ["`" + size.import + "`", ...bytes];
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

const sizes = await Promise.all(BUDGETS.map(async (budget) => ({ ...budget, ...(await pageBundle(budget)) })));
const table = toTable([HEAD, ...sizes.map(rowOf)], "numbers");
console.log(table);
for (const { import: name, gzipped, limit } of sizes) {
  if (gzipped > limit) {
    console.error(`${name} is ${String(gzipped - limit)} B over its budget of ${String(limit)} B.`);
    process.exitCode = 1;
  }
}
if (process.argv.includes("--write")) await writeSection("README.md", "sizes", table);
else if (!agrees(await readSection("README.md", "sizes"), sizes)) {
  console.error("The sizes in README.md are not the real ones: npm run size -- --write");
  process.exitCode = 1;
}
