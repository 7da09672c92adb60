import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, type Metafile, type Plugin } from "esbuild";
import { inRoot } from "./entries.ts";

/** What a page imports, and what that may weigh: a row of size-budget.json. Bytes, minified and gzipped. */
export interface Budget {
  /** The specifier a user imports. */
  readonly import: string;
  /** The file behind it. */
  readonly entry: string;
  /** What of it a page imports. */
  readonly name: string;
  /** What it was meant to weigh. */
  readonly goal: number;
  /** The most it may weigh. */
  readonly limit: number;
}

export const BUDGETS = JSON.parse(readFileSync(inRoot("size-budget.json"), "utf8")) as readonly Budget[];

export interface PageBundle {
  readonly code: Uint8Array;
  readonly minified: number;
  readonly gzipped: number;
  readonly metafile: Metafile;
}

/** Bundles what a page imports as its bundler would: the browser flavour, with its dependencies, minified. */
export async function pageBundle(
  { entry, name }: Pick<Budget, "entry" | "name">,
  plugins: Plugin[] = [],
): Promise<PageBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${name} } from "${entry}"`, resolveDir: inRoot(".") },
    absWorkingDir: inRoot("."),
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    logLevel: "error",
    metafile: true,
    plugins,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { code, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length, metafile };
}
