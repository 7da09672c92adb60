import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { inRoot } from "../scripts/entries.ts";
import { run } from "../scripts/temp-project.ts";

const PAGE = "docs/performance.md";

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** What the numbers were made on. No name of the machine: it says nothing to anybody else. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? "";
  return `${today()}, ${String(cpus().length)} cores${model === "" ? "" : ` (${model})`}, Node ${process.versions.node}`;
}

/** `ws 8.18.0, partysocket 1.3.0`: the versions that are installed. */
export function versions(packages: readonly string[]): string {
  const found = [...new Set(packages)].filter((name) => name !== "node" && name !== "holdfast");
  const named = found.map((name) => {
    // A package need not let its manifest be imported; the folder is where npm puts it.
    const manifest = JSON.parse(readFileSync(inRoot(`node_modules/${name}/package.json`), "utf8")) as {
      readonly version: string;
    };
    return `${name} ${manifest.version}`;
  });
  return named.join(", ");
}

/** Puts `text` between `<!-- name -->` and `<!-- /name -->` of docs/performance.md. */
export async function writeSection(name: string, text: string): Promise<void> {
  const page = readFileSync(inRoot(PAGE), "utf8");
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`${PAGE} has no ${start}`);
  writeFileSync(inRoot(PAGE), `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`);
  const prettier = createRequire(import.meta.url).resolve("prettier/bin/prettier.cjs");
  await run(process.execPath, [prettier, "--write", PAGE], { cwd: inRoot(".") });
}
