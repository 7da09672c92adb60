import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inRoot } from "../../scripts/entries.ts";
import type { Ended, TempProject } from "../../scripts/temp-project.ts";
import { type Bench, type Consumer, expectSuccess, type Report } from "./report.ts";
import { expectNone, expectRpc, expectWs, gzipped, tracesOfNode, tracesOfRpc, tracesOfWs } from "./traces.ts";

/** The applications of apps/. */
export type App = "client" | "connection" | "part";

/** The kinds of bundle. "node" takes `ws` along where the bundler can do so without a word, or leaves it outside. */
export type Target = "browser" | "worker" | "node";

export interface Bundler {
  readonly name: string;
  readonly packages: readonly string[];
  readonly manifest?: object;
  /** Configuration files. */
  readonly files: Readonly<Record<string, string>>;
  /** The executable, its arguments, and what it is told by the environment. */
  readonly command: (app: App, target: Target) => readonly [string, ...string[]];
  readonly env?: (app: App, target: Target) => Readonly<Record<string, string>>;
  /** The bundle: a file, or a folder with one script in it. */
  readonly output: (app: App, target: Target) => string;
  readonly kind: "module" | "script";
  /** What the bundle that is not for Node or a worker is for. @default "browser" */
  readonly page?: string;
  /** Beside "browser". */
  readonly targets: readonly Target[];
  /** Whether the bundle for Node has `ws` in it. */
  readonly nodeHasWs?: boolean;
  /** False: what is imported and not used stays in the bundle, by design. */
  readonly shakes: boolean;
  readonly slow?: true;
}

/** What bundlers say when they are not content. */
const COMPLAINT = /\bwarn(?:ing)?s?\b|\(!\)|deprecat|unresolved|could not/i;

/** Runs a tool that is installed in `project`, on the Node that runs this. */
export function runTool(
  project: TempProject,
  [name, ...rest]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const path = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  return project.run(name === "node" ? process.execPath : project.file(`node_modules/.bin/${name}`), rest, {
    env: { NO_COLOR: "1", CI: "1", PATH: path, ...env },
  });
}

/** Throws if a tool failed, or said a word of complaint other than those that are `expected`. */
export function expectQuiet(ended: Ended, expected: readonly RegExp[] = []): void {
  expectSuccess(ended);
  const lines = ended.output.split("\n").filter((line) => !expected.some((pattern) => pattern.test(line)));
  const complaint = lines.find((line) => COMPLAINT.test(line));
  if (complaint !== undefined) throw new Error(complaint);
}

/** Runs a bundle in Node as a page would, with one round trip. */
export async function expectRoundTrip(project: TempProject, bench: Bench, file: string, kind: string): Promise<void> {
  const ended = await project.run(process.execPath, [inRoot("test/package/run-bundle.js"), file, kind, bench.echoUrl], {
    timeout: 30_000,
  });
  expectSuccess(ended);
  if (ended.output !== "came back") throw new Error(ended.output);
}

/** The one script of a bundle. */
async function scriptOf(project: TempProject, output: string): Promise<string> {
  if (/\.[cm]?js$/.test(output)) return project.file(output);
  const names = (await readdir(project.file(output))).filter((name) => /\.m?js$/.test(name));
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Error(`${output} has ${String(names.length)} scripts`);
  return join(project.file(output), name);
}

/** Builds one application, checks the bundle, and answers its code; empty if there is none. */
async function checkBundle(
  bundler: Bundler,
  [app, target]: readonly [App, Target],
  { report, project, bench }: { report: Report; project: TempProject; bench: Bench },
): Promise<string> {
  const name = `${app} for ${target === "node" ? "Node" : `a ${target}`}`;
  let code = "";
  await report.check(`${name} builds without a warning`, async () => {
    expectQuiet(await runTool(project, bundler.command(app, target), bundler.env?.(app, target)));
  });
  await report.check(`${name} works`, async () => {
    const file = await scriptOf(project, bundler.output(app, target));
    code = await readFile(file, "utf8");
    await expectRoundTrip(project, bench, file, target === "node" ? "module" : bundler.kind);
  });
  if (target !== "node") {
    await report.check(`${name} has nothing of ws or of Node`, () => {
      if (code === "") throw new Error("there is no bundle");
      expectNone([...tracesOfWs(code), ...tracesOfNode(code)]);
    });
  } else if (bundler.nodeHasWs === true) {
    await report.check(`${name} has ws`, () => expectWs(code));
  }
  return code;
}

/** What the applications weigh against each other. */
async function checkShaking(report: Report, codes: Readonly<Record<App, string>>, shakes: boolean): Promise<void> {
  const [whole, alone, part] = [gzipped(codes.client), gzipped(codes.connection), gzipped(codes.part)];
  await report.check("a connection alone carries no RPC, and is less than 6 tenths of a client", () => {
    expectRpc(codes.client);
    expectNone(tracesOfRpc(codes.connection));
    if (alone >= whole * 0.6) throw new Error(`${String(alone)} B of ${String(whole)} B`);
  });
  if (!shakes) return;
  await report.check("a connection of the main entry carries no RPC either, and is as small within 5 %", () => {
    expectNone(tracesOfRpc(codes.part));
    if (part > alone * 1.05) throw new Error(`${String(part)} B instead of ${String(alone)} B`);
  });
}

/** A consumer that builds each application with a bundler. */
export function bundlerConsumer(bundler: Bundler): Consumer {
  const { name, packages, manifest, page = "browser", targets, files, shakes } = bundler;
  const [first = ""] = packages;
  return {
    name,
    packages,
    version: (project) => project.version(first.replace(/(?<=.)@[^@]*$/, "")),
    ...(manifest && { manifest }),
    ...(bundler.slow && { slow: bundler.slow }),
    what: [page, ...targets].map((target) => (target === "node" ? "Node" : target)).join(", "),
    check: async (report, project, bench) => {
      for (const [file, text] of Object.entries(files)) await project.write(file, text);
      for (const app of ["client", "connection", "part"])
        await project.write(`${app}.js`, await readFile(inRoot(`test/package/apps/${app}.js`), "utf8"));
      const world = { report, project, bench };
      const codes = {
        client: await checkBundle(bundler, ["client", "browser"], world),
        connection: await checkBundle(bundler, ["connection", "browser"], world),
        part: await checkBundle(bundler, ["part", "browser"], world),
      };
      for (const [app, code] of Object.entries(codes)) report.sizes.set(app, gzipped(code));
      await checkShaking(report, codes, shakes);
      for (const target of targets) await checkBundle(bundler, ["client", target], world);
    },
  };
}
