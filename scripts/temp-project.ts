import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { lastWill } from "../test/support/last-will.ts";
import { inRoot } from "./entries.ts";

/** How a command ended, and all that it printed. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** What a command may be told. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default 600000 */
  readonly timeout?: number;
}

/** Runs a command to its end. It never rejects: a command that cannot be started has ended with a code, too. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, timeout = 600_000 } = options;
  const settings = { cwd, env: { ...process.env, ...env }, timeout, maxBuffer: 2 ** 28 };
  return new Promise((resolve) => {
    execFile(command, args, settings, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      const killed = error?.killed === true ? `Killed after ${String(timeout)} ms` : "";
      const unsaid = error && stderr === "" ? error.message : "";
      resolve({
        code,
        output: [stdout, stderr, killed, unsaid]
          .filter((text) => text !== "")
          .join("\n")
          .trim(),
      });
    });
  });
}

/** A project of its own in a temporary folder. Disposing of it removes it, and so does the end of this process. */
export class TempProject implements AsyncDisposable {
  readonly path: string;
  readonly #forget: () => void;

  private constructor(path: string) {
    this.path = path;
    this.#forget = lastWill(`rm -rf '${path}'`);
  }

  /** A project with nothing in it. */
  static async create(name: string, manifest: object = {}): Promise<TempProject> {
    const project = new TempProject(await mkdtemp(join(tmpdir(), `holdfast-${name}-`)));
    await project.write("package.json", JSON.stringify({ name, private: true, type: "module", ...manifest }));
    return project;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async write(name: string, text: string): Promise<string> {
    const file = this.file(name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  read(name: string): Promise<string> {
    return readFile(this.file(name), "utf8");
  }

  /** The version of an installed package. */
  async version(name: string): Promise<string> {
    const { version } = JSON.parse(await this.read(`node_modules/${name}/package.json`)) as { version: string };
    return version.replace(/^v/, ""); // the package of Node 18 says "v18.…"
  }

  /** Installs packages, with what they need. Answers why that was not possible, if it was not. */
  async install(...packages: readonly string[]): Promise<string | undefined> {
    const flags = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
    const { code, output } = await run("npm", ["install", ...flags, ...packages], { cwd: this.path });
    return code === 0 ? undefined : `npm install ${packages.join(" ")}: ${firstError(output)}`;
  }

  run(command: string, args: readonly string[], options: Omit<RunOptions, "cwd"> = {}): Promise<Ended> {
    return run(command, args, { cwd: this.path, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    this.#forget();
  }
}

function firstError(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.find((line) => /^npm (error|ERR!) (?!code)/.test(line)) ?? lines[0] ?? "";
}

/** Packs dist/, as it is, into a file as `npm publish` would upload it. */
export async function packTo(folder: TempProject): Promise<string> {
  const { code, output } = await run("npm", ["pack", "--silent", "--pack-destination", folder.path], {
    cwd: inRoot(""),
  });
  if (code !== 0) throw new Error(`npm pack: ${output}`);
  const name = output.split("\n").find((line) => line.endsWith(".tgz")) ?? "";
  return folder.file(basename(name));
}
