// Runs the transport contract and an end-to-end suite on the packed package, in every runtime that it is meant for:
// Node 18 to 26, Deno, Bun, workerd, and what React Native leaves of a runtime. What it needs it installs into temporary
// folders. Arguments: parts of names of runtimes (`npm run test:runtimes -- deno "node 22"`), --tarball <file> to test
// another package than one packed from dist/, and --write to write the table into docs/compatibility.md.
import { bundleScript, bundleWorker } from "../test/runtimes/bundle.ts";
import { ControlServer } from "../test/runtimes/control-server.ts";
import { type RuntimePlan, RUNTIMES } from "../test/runtimes/plans.ts";
import { type RuntimeRun, runOn } from "../test/runtimes/runtimes.ts";
import type { CaseResult } from "../test/runtimes/suite.ts";
import { conclude, type Tally, toTable, writeSection } from "./compatibility.ts";
import { packageFile, TempProject } from "./temp-project.ts";

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
const HEAD = ["runtime", "version", "dials over", "contract", "end to end", "headers", "status of a refusal", "pings"];

function wanted(): readonly RuntimePlan[] {
  const names = process.argv
    .slice(2)
    .filter((each, index, all) => !each.startsWith("--") && all[index - 1] !== "--tarball");
  return RUNTIMES.filter(
    ({ name }) => names.length === 0 || names.some((part) => name.toLowerCase().includes(part.toLowerCase())),
  );
}

/** A project in which the package is installed, and the suite lies ready. */
async function prepare(): Promise<TempProject> {
  const app = await TempProject.create("runtimes");
  const failed = await app.install(await packageFile(app));
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
function judge({ plan, version, results, problem }: RuntimeRun): void {
  const broken = results.filter(({ error }) => error !== undefined);
  tally.passed += results.length - broken.length;
  tally.failed += broken.length + (problem === undefined ? 0 : 1);
  console.log(`${plan.name} (${version}): ${score(results)}`);
  for (const { way, group, name, error } of broken)
    console.log(`  FAILED ${way}, ${group}: ${name}\n    ${error ?? ""}`);
  if (problem !== undefined) console.log(`  FAILED: ${problem}`);
}

const rows: string[][] = [];
await using app = await prepare();
await using tools = await TempProject.create("runtimes-tools");
await using control = await ControlServer.start();
for (const plan of wanted()) {
  const failed = await tools.install(`${plan.alias}@npm:${plan.package}@${plan.range}`);
  if (failed === undefined) {
    const run = await runOn(plan, tools, app, control.url);
    judge(run);
    rows.push(...rowsOf(run));
  } else {
    console.log(`${plan.name}: skipped, for it cannot be installed here: ${failed}`);
    tally.skipped++;
    rows.push([plan.name, "skipped", ...HEAD.slice(2).map(() => "")]);
  }
}
console.log(`\n${toTable([HEAD, ...rows])}\n`);
if (process.argv.includes("--write")) await writeSection("runtimes", toTable([HEAD, ...rows]));
conclude(tally);
