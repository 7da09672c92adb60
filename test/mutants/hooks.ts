// Node runs the TypeScript of this repository as it is. These hooks change what it loads: sources can be patched, and
// tests get another "vitest" and the Node flavour, as Vitest gives them.
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { inRoot } from "../../scripts/entries.ts";
import { nodePlatform } from "../../scripts/platform.ts";

const harness = new URL("harness.ts", import.meta.url).href;

/** Changes the text of a file of src/, by its path from the root ("src/rpc/calls.ts"). */
export type Patch = (file: string, text: string) => string;

/** From now on `patch` sees every file of src/ before it is loaded. */
export function loadWith(patch: Patch): void {
  const root = inRoot("");
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === "vitest" && context.parentURL !== harness) return { url: harness, shortCircuit: true };
      const importer = context.parentURL?.startsWith("file:") ? fileURLToPath(context.parentURL) : undefined;
      const replaced = importer === undefined ? undefined : nodePlatform(specifier, importer);
      return next(replaced === undefined ? specifier : pathToFileURL(replaced).href, context);
    },
    load(url, context, next) {
      const path = url.startsWith("file:") ? fileURLToPath(url) : "";
      const file = path.startsWith(root) ? path.slice(root.length) : "";
      if (!file.startsWith("src/")) return next(url, context);
      const text = readFileSync(path, "utf8");
      const patched = patch(file, text);
      if (patched === text) return next(url, context);
      return { format: "module-typescript", source: patched, shortCircuit: true };
    },
  });
}
