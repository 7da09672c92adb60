import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { inRoot } from "../scripts/entries.ts";
import { writeSection } from "../scripts/section.ts";

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
export function writeResults(name: string, text: string): Promise<void> {
  return writeSection("docs/performance.md", name, text);
}
