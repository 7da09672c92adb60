// Runs the transport contract and an end-to-end suite on the packed package, in every runtime that it is meant for:
// Node 18 to 26, Deno, Bun, workerd, and what React Native leaves of a runtime. What it needs it installs into temporary
// folders, and several run at a time, for they mostly wait. Arguments: parts of names of runtimes
// (`npm run test:runtimes -- deno "node 22"`), --tarball <file> to test another package than one packed from dist/, and
// --write to write the table into docs/compatibility.md if nothing failed.
import { parseArgs } from "node:util";
import { bundleScript, bundleWorker } from "../test/runtimes/bundle.ts";
import { ControlServer } from "../test/runtimes/control-server.ts";
import { type RuntimePlan, RUNTIMES } from "../test/runtimes/plans.ts";
import { type RuntimeRun, runOn } from "../test/runtimes/runtimes.ts";
import type { CaseResult } from "../test/runtimes/suite.ts";
import { toTable } from "./markdown-table.ts";
import { writeSection } from "./section.ts";
import { conclude, type Tally } from "./tally.ts";
import { inPool } from "./pool.ts";
import { packTo, TempProject } from "./temp-project.ts";

/** How many runtimes run at a time. */
const AT_A_TIME = 3;

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
const HEAD = ["runtime", "version", "dials over", "contract", "end to end", "headers", "status of a refusal", "pings"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tarball: { type: "string" }, write: { type: "boolean", default: false } },
});

function wanted(): readonly RuntimePlan[] {
  if (values.write && positionals.length > 0) throw new Error("--write puts the whole table; name no runtimes");
  return RUNTIMES.filter(
    ({ name }) =>
      positionals.length === 0 || positionals.some((part) => name.toLowerCase().includes(part.toLowerCase())),
  );
}

/** A project in which the package is installed, and the suite lies ready. */
async function prepare(): Promise<TempProject> {
  const app = await TempProject.create("runtimes");
  const failed = await app.install(values.tarball ?? (await packTo(app)));
  if (failed !== undefined) throw new Error(failed);
  await bundleScript("entry-script.ts", app.file("suite.mjs"));
  await bundleScript("react-native.ts", app.file("react-native.mjs"));
  await bundleWorker(app.path, app.file("worker.mjs"));
  return app;
}

function score(results: readonly CaseResult[]): string {
  const passed = results.filter(({ error }) => error === undefined).length;
  return `${String(passed)} of ${String(results.length)}`;
}

function rowsOf({ plan, version, results }: RuntimeRun): string[][] {
  return plan.ways.map(({ name, features }) => {
    const own = results.filter(({ way }) => way === name);
    const scores = (["contract", "end to end"] as const).map((part) =>
      score(own.filter(({ group }) => group === part)),
    );
    const can = [features.headers, features.httpStatus, features.ping].map((one) => (one ? "yes" : "no"));
    return [plan.name, version, name, ...scores, ...can];
  });
}

/** Prints what failed, and counts. */
function judge({ plan, version, results, problem }: RuntimeRun, seconds: string): void {
  const broken = results.filter(({ error }) => error !== undefined);
  tally.passed += results.length - broken.length;
  tally.failed += broken.length + (problem === undefined ? 0 : 1);
  console.log(`${plan.name} (${version}): ${score(results)} in ${seconds} s`);
  for (const { way, group, name, error } of broken)
    console.log(`  FAILED ${way}, ${group}: ${name}\n    ${error ?? ""}`);
  if (problem !== undefined) console.log(`  FAILED: ${problem}`);
}

/** Installs every runtime at once if that is possible, else one by one. Answers what is missing, and why. */
async function install(plans: readonly RuntimePlan[], tools: TempProject): Promise<ReadonlyMap<string, string>> {
  const missing = new Map<string, string>();
  const spec = ({ alias, package: name, range }: RuntimePlan): string => `${alias}@npm:${name}@${range}`;
  if ((await tools.install(...new Set(plans.map(spec)))) === undefined) return missing;
  for (const plan of plans) {
    const failed = await tools.install(spec(plan));
    if (failed !== undefined) missing.set(plan.name, failed);
  }
  return missing;
}

async function rowsFor(plan: RuntimePlan, obstacle: string | undefined): Promise<string[][]> {
  if (obstacle === undefined) {
    const began = Date.now();
    await using control = await ControlServer.start();
    const run = await runOn(plan, tools, app, control.url);
    judge(run, ((Date.now() - began) / 1000).toFixed(0));
    return rowsOf(run);
  }
  console.log(`${plan.name}: skipped, for it cannot be installed here: ${obstacle}`);
  tally.skipped++;
  return [[plan.name, "skipped", ...HEAD.slice(2).map(() => "")]];
}

await using app = await prepare();
await using tools = await TempProject.create("runtimes-tools");
const plans = wanted();
const missing = await install(plans, tools);
const rows = await inPool(AT_A_TIME, plans, (plan) => rowsFor(plan, missing.get(plan.name)));
const table = toTable([HEAD, ...rows.flat()]);
console.log(`\n${table}\n`);
if (values.write && tally.failed === 0) await writeSection("docs/compatibility.md", "runtimes", table);
conclude(tally);
