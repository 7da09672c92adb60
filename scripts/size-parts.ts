// What each part adds to what a page pays: minified bytes by folder of src/, for each entry of size-budget.json.
// With --write, writes the table into docs/decisions/size.md.
import { toTable } from "./markdown-table.ts";
import { type Budget, BUDGETS, pageBundle } from "./page-bundle.ts";
import { writeSection } from "./section.ts";

interface Parts {
  readonly name: string;
  readonly gzipped: number;
  readonly bytes: ReadonlyMap<string, number>;
}

async function measure(budget: Budget): Promise<Parts> {
  const { metafile, gzipped } = await pageBundle(budget);
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const part = /^src\/(\w+)\//.exec(file)?.[1] ?? /node_modules\/([^/]+)\//.exec(file)?.[1];
      if (part !== undefined) bytes.set(part, (bytes.get(part) ?? 0) + bytesInOutput);
    }
  }
  return { name: budget.import, bytes, gzipped };
}

function rowsOf(entries: readonly Parts[]): string[][] {
  const largest = new Map<string, number>();
  for (const { bytes } of entries)
    for (const [part, size] of bytes) largest.set(part, Math.max(size, largest.get(part) ?? 0));
  const parts = [...largest].sort(([, a], [, b]) => b - a).map(([part]) => part);
  const cell = (bytes: number | undefined): string => (bytes === undefined ? "" : `${String(bytes)} B`);
  const total = ({ bytes }: Parts): number => [...bytes.values()].reduce((sum, each) => sum + each, 0);
  return [
    ["minified", ...entries.map(({ name }) => "`" + name + "`")],
    ...parts.map((part) => ["`" + part + "`", ...entries.map(({ bytes }) => cell(bytes.get(part)))]),
    ["all parts", ...entries.map((entry) => cell(total(entry)))],
    ["the bundle, gzipped", ...entries.map(({ gzipped }) => cell(gzipped))],
  ];
}

const table = toTable(rowsOf(await Promise.all(BUDGETS.map(measure))), "numbers");
console.log(table);
if (process.argv.includes("--write")) await writeSection("docs/decisions/size.md", "parts", table);
