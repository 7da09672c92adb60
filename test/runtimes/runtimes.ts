import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import { systemClock } from "../../src/core/clock.ts";
import type { TempProject } from "../../scripts/temp-project.ts";
import type { RuntimePlan } from "./plans.ts";
import type { CaseResult } from "./suite.ts";

/** How long a process may live after the suite is over, and how long it may be silent before, in ms. */
const LAST = 10_000;
const SILENT = 60_000;

/** What a runtime said for itself and in the suite. */
export interface RuntimeRun {
  readonly plan: RuntimePlan;
  readonly version: string;
  readonly results: readonly CaseResult[];
  /** What went wrong apart from the cases: it did not start, did not finish, did not end. */
  readonly problem: string | undefined;
}

/** Runs the suite, which lies in `app` as suite.mjs or worker.mjs, on the runtime that is installed in `tools`. */
export async function runOn(
  plan: RuntimePlan,
  tools: TempProject,
  app: TempProject,
  control: string,
): Promise<RuntimeRun> {
  const executable = tools.file(`node_modules/${plan.alias}/${plan.executable}`);
  const version = await tools.version(plan.alias);
  if (!existsSync(executable)) return { plan, version, results: [], problem: `${executable} is not there` };
  const run = plan.kind === "worker" ? runWorker : runScript;
  return { plan, version, ...(await run(plan, executable, app, control)) };
}

type Outcome = Pick<RuntimeRun, "results" | "problem">;

async function runScript(plan: RuntimePlan, executable: string, app: TempProject, control: string): Promise<Outcome> {
  const env = { ...process.env, DENO_DIR: app.file(".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const child = spawn(executable, [...plan.arguments, "suite.mjs", control, JSON.stringify(plan.ways)], {
    cwd: app.path,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outcome = await collect(child, child.stdout, child.stderr);
  if (outcome.problem !== undefined) child.kill("SIGKILL");
  else if (!(await exits(child))) {
    child.kill("SIGKILL");
    return { ...outcome, problem: `it was still alive ${String(LAST)} ms after the last case` };
  }
  return outcome;
}

/** True if the process ends by itself, and well: nothing of a closed client keeps it alive. */
async function exits(child: ChildProcess): Promise<boolean> {
  if (child.exitCode === null) {
    await Promise.race([once(child, "exit"), new Promise<void>((resolve) => systemClock.after(LAST, resolve))]);
  }
  return child.exitCode === 0;
}

const WORKERD_CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "suite", worker = .suite),
    (name = "internet", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
const suite :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-05-01",
);
`;

async function runWorker(plan: RuntimePlan, executable: string, app: TempProject, control: string): Promise<Outcome> {
  await app.write("config.capnp", WORKERD_CONFIG);
  const child = spawn(executable, ["serve", "config.capnp", "--control-fd=3"], {
    cwd: app.path,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  try {
    const port = await listens(child);
    const body = JSON.stringify({ control, plans: plan.ways });
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
    if (!response.body) return { results: [], problem: "it answered nothing" };
    const { stderr } = child;
    if (!stderr) throw new Error("unreachable");
    return await collect(child, Readable.from(response.body), stderr);
  } catch (error) {
    return { results: [], problem: String(error) };
  } finally {
    child.kill("SIGKILL");
  }
}

/** The port, which workerd tells on the control descriptor once it listens. */
async function listens(child: ChildProcess): Promise<string> {
  const pipe = child.stdio[3];
  if (!(pipe instanceof Readable)) throw new Error("workerd has no control descriptor");
  for await (const line of createInterface({ input: pipe.pipe(new PassThrough()) })) {
    const { event, port } = JSON.parse(line) as { event?: string; port?: number }; // documented by workerd
    if (event === "listen") return String(port);
  }
  throw new Error("workerd did not listen");
}

/** Reads results until "done", the end, or a silence that is too long. */
async function collect(child: ChildProcess, output: Readable, errors: Readable): Promise<Outcome> {
  const results: CaseResult[] = [];
  const other: string[] = [];
  createInterface({ input: errors }).on("line", (line) => other.push(line));
  let cancel = (): void => undefined;
  const done = await new Promise<boolean>((resolve) => {
    const giveUp = (): void => {
      resolve(false);
    };
    const alive = (): void => {
      cancel();
      cancel = systemClock.after(SILENT, giveUp);
    };
    alive();
    const lines = createInterface({ input: output });
    lines.on("line", (line) => {
      alive();
      if (line.startsWith("{"))
        results.push(JSON.parse(line) as CaseResult); // written by the suite
      else if (line === "done") resolve(true);
      else other.push(line);
    });
    lines.on("close", giveUp);
    child.on("error", (error) => {
      other.push(String(error));
      giveUp();
    });
  });
  cancel();
  return { results, problem: done ? undefined : `it did not finish the suite: ${other.slice(0, 20).join("\n")}` };
}
