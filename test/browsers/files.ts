import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { build, transform } from "esbuild";
import { inRoot } from "../../scripts/entries.ts";

export interface File {
  readonly type: string;
  readonly body: string | Buffer;
}

const PAGES = inRoot("test/browsers/page");
const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** Pages that are one module: /live/cdn starts page/live.ts on that build. */
const STARTED = ["suite", "live", "outage"];

/** What each build is for a page: the file that a CDN serves, or the ES modules as an application's bundler packs them. */
const BUILDS: Readonly<Record<string, () => Promise<Buffer>>> = {
  cdn: () => readFile(inRoot("dist/cdn/holdfast.js")),
  esm: () => bundle(inRoot("dist/browser/index.js")),
};

/**
 * What the site serves. The package as it was when the suite began, so that nobody who builds meanwhile changes it
 * under way; the modules of the cases one by one with their types taken out; and the few lines that join the two.
 */
export class Files {
  readonly #packages: ReadonlyMap<string, Buffer>;

  private constructor(packages: ReadonlyMap<string, Buffer>) {
    this.#packages = packages;
  }

  static async load(): Promise<Files> {
    const packages = new Map<string, Buffer>();
    for (const [build, load] of Object.entries(BUILDS)) packages.set(build, await load());
    packages.set("react", await bundle(join(PAGES, "strict-mode.ts")));
    return new Files(packages);
  }

  async get(path: string): Promise<File | undefined> {
    const [, first = "", second = "", third = ""] = path.split("/");
    const script = first === "package" ? this.#packages.get(second.replace(/\.js$/, "")) : undefined;
    if (script) return { type: SCRIPT, body: script };
    if (STARTED.includes(first)) return { type: HTML, body: pageOf(`/entry/${second}/${first}.js`) };
    if (first === "entry") return entry(second, third.replace(/\.js$/, ""));
    return fromFolder(path);
  }
}

function pageOf(script: string): string {
  return `<!doctype html><meta charset="utf-8"><title>holdfast</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;
}

/** The module that hands the package to `start` of page/<name>.ts. Static imports: a service worker has no others. */
function entry(build: string, name: string): File {
  const imports = [`import * as holdfast from "/package/${build}.js";`, `import { start } from "/${name}.ts";`];
  return { type: SCRIPT, body: [...imports, `start(holdfast, "${build}");`, ""].join("\n") };
}

async function fromFolder(path: string): Promise<File | undefined> {
  // No name that could lead elsewhere.
  if (!/^(\/[\w-]+)+\.(ts|js|html)$/.test(path)) return undefined;
  const source = await readFile(join(PAGES, path), "utf8").catch(() => undefined);
  if (source === undefined) return undefined;
  switch (extname(path)) {
    case ".html":
      return { type: HTML, body: source };
    case ".ts":
      return { type: SCRIPT, body: (await transform(source, { loader: "ts", target: "es2022" })).code };
    default:
      return { type: SCRIPT, body: source };
  }
}

/** React comes in its development build: only that one mounts twice. */
async function bundle(file: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"development"' },
    alias: { holdfast: inRoot("dist/browser/index.js") },
    // It is said of the package itself, where it is no dependency.
    logOverride: { "ignored-bare-import": "silent" },
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}
