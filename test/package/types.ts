import { readFile } from "node:fs/promises";
import { inRoot } from "../../scripts/entries.ts";
import { type Consumer, expectSuccess } from "./report.ts";

interface Setting {
  readonly module: "node16" | "esnext";
  readonly moduleResolution: "node16" | "bundler";
  readonly lib: readonly string[];
  readonly types: readonly string[];
}

const LIBS = [["es2022"], ["es2022", "dom", "dom.iterable"], ["es2022", "webworker"]];

/** Every way to resolve, with every library and no types; and once with those of Node beside those of the DOM. */
const SETTINGS: readonly Setting[] = [
  ...LIBS.map((lib) => ({ module: "node16", moduleResolution: "node16", lib, types: [] }) as const),
  ...LIBS.map((lib) => ({ module: "esnext", moduleResolution: "bundler", lib, types: [] }) as const),
  { module: "node16", moduleResolution: "node16", lib: ["es2022", "dom"], types: ["node"] },
];

/** The files of consumers/, by the names that say which modules they are. */
function filesFor({ module, lib }: Setting): Readonly<Record<string, string>> {
  const own = module === "node16" ? { "esm.mts": "esm.ts", "cjs.cts": "cjs.cts" } : { "esm.ts": "esm.ts" };
  return lib.length === 1 ? own : { ...own, "fetch.ts": "fetch.ts" };
}

function compilerConsumer(version: string): Consumer {
  return {
    name: `TypeScript ${version}`,
    packages: [`typescript@${version}`, "@types/node@24"],
    version: (project) => project.version("typescript"),
    what: "strict, `skipLibCheck: false`; node16 and bundler; with DOM, WebWorker, Node's types or none",
    check: async (report, project) => {
      for (const setting of SETTINGS) {
        const files = filesFor(setting);
        for (const [name, source] of Object.entries(files))
          await project.write(name, await readFile(inRoot(`test/package/consumers/${source}`), "utf8"));
        const compilerOptions = {
          ...{ ...setting, target: "es2022", strict: true, exactOptionalPropertyTypes: true, noEmit: true },
          // Every declaration is checked but those of TypeScript itself, which take longest.
          ...{ skipLibCheck: false, skipDefaultLibCheck: true },
        };
        await project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: Object.keys(files) }));
        const { moduleResolution, lib, types } = setting;
        await report.check(`${moduleResolution}, ${[...lib, ...types].join()}`, async () => {
          expectSuccess(await project.run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."]));
        });
      }
    },
  };
}

/** The compilers that the declarations are for. */
export const COMPILERS: readonly Consumer[] = ["5.4", "5.9", "6", "7"].map(compilerConsumer);
