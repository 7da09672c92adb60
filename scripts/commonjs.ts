import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { transform } from "esbuild";
import type { Options } from "tsup";

type TsupPlugin = NonNullable<Options["plugins"]>[number];

const MAP_COMMENT = /\n\/\/# sourceMappingURL=.*\s*$/;
const IMPORT_OF_CHUNK = /\b(from|import) "(\.\/[\w-]+)\.js"/g;

/**
 * Writes a .cjs beside each .js that was built. esbuild does not split CommonJS, and tsup's own way of doing so moves
 * class fields behind the private ones; so the split ES modules are converted one by one, and `require("holdfast")` and
 * `require("holdfast/rpc")` share their classes as the ES modules do.
 */
export const commonjs: TsupPlugin = {
  name: "commonjs",
  async buildEnd({ writtenFiles }) {
    const modules = writtenFiles.map(({ name }) => name).filter((name) => name.endsWith(".js"));
    await Promise.all(modules.map(convert));
  },
};

async function convert(file: string): Promise<void> {
  const [code, map] = await Promise.all([readFile(file, "utf8"), readFile(`${file}.map`)]);
  const inlineMap = `\n//# sourceMappingURL=data:application/json;base64,${map.toString("base64")}`;
  const source = code.replace(MAP_COMMENT, "").replaceAll(IMPORT_OF_CHUNK, '$1 "$2.cjs"') + inlineMap;
  const target = file.replace(/\.js$/, ".cjs");
  const result = await transform(source, {
    format: "cjs",
    platform: "node",
    target: "es2022",
    sourcefile: basename(file),
    sourcemap: "external",
    banner: '"use strict";',
  });
  await Promise.all([
    writeFile(target, `${result.code}//# sourceMappingURL=${basename(target)}.map\n`),
    writeFile(`${target}.map`, result.map),
  ]);
}
