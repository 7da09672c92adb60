// Runs the cases of the WHATWG WebSockets standard (test/conformance/) on the platform's own class and on holdfast's, side
// by side: Chromium, Firefox, WebKit, Node 22 and 24, Deno, Bun. On the built package (`npm run build` first). On Debian,
// root has missing browsers installed; runtimes are installed into temporary folders.
//   names of platforms    only these: `npm run test:conformance -- deno "node 22"`
//   --write               writes the table into docs/compatibility.md if all have run, and the list of differences
//                         into the guide
import { type Engine, ENGINES, setUp } from "../test/browsers/engines.ts";
import { conformancePages, runInBrowser } from "../test/conformance/in-browser.ts";
import { prepareScript, runInRuntime } from "../test/conformance/in-runtime.ts";
import { differencesText } from "../test/conformance/differences-text.ts";
import { HEAD, rowsOf, type Run, verdictsOf } from "../test/conformance/report.ts";
import { ConformanceServer } from "../test/conformance/server.ts";
import type { Results } from "../test/conformance/subjects.ts";
import { type RuntimePlan, RUNTIMES } from "../test/runtimes/plans.ts";
import { toTable } from "./markdown-table.ts";
import { writeSection } from "./section.ts";
import { conclude, type Tally } from "./tally.ts";
import { packTo, TempProject } from "./temp-project.ts";

const PLATFORMS = [...ENGINES.map(({ name }) => name), "Node 22", "Node 24", "Deno", "Bun"];

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
const rows: (readonly string[])[] = [];

function isWanted(name: string): boolean {
  const names = process.argv.slice(2).filter((each) => !each.startsWith("--"));
  const isNamed = names.length === 0 || names.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  return isNamed && PLATFORMS.includes(name);
}

/** Prints what is neither as the standard says nor listed, and counts. */
function judge(run: Run): void {
  rows.push(...rowsOf(run));
  for (const [kind, verdicts] of verdictsOf(run)) {
    const wrong = verdicts.filter(({ is }) => is === "wrong");
    tally.passed += verdicts.length - wrong.length;
    tally.failed += wrong.length;
    console.log(
      `${run.platform} (${run.version}), ${kind}: ${String(wrong.length)} of ${String(verdicts.length)} wrong`,
    );
    for (const { name, expected, actual } of wrong)
      console.log(`  FAILED ${name}\n    expected ${JSON.stringify(expected)}\n    saw      ${JSON.stringify(actual)}`);
  }
}

function skip(platform: string, why: string): void {
  tally.skipped++;
  rows.push([platform, "skipped", "", "", ""]);
  console.log(`${platform}: skipped: ${why}`);
}

async function attempt(platform: string, run: () => Promise<{ version: string; results: Results }>): Promise<void> {
  try {
    judge({ platform, ...(await run()) });
  } catch (error) {
    tally.failed++;
    console.log(`FAILED ${platform}: ${String(error)}`);
  }
}

async function runBrowsers(engines: readonly Engine[]): Promise<void> {
  const obstacles = await setUp(engines);
  await using server = await ConformanceServer.start(await conformancePages());
  for (const { name, launch } of engines) {
    const obstacle = obstacles.get(name);
    if (obstacle === undefined) {
      await attempt(name, async () => {
        await using browser = await launch();
        return { version: browser.version, results: await runInBrowser(browser, server.origin, server.addresses) };
      });
    } else skip(name, obstacle);
  }
}

async function runRuntimes(plans: readonly RuntimePlan[]): Promise<void> {
  if (plans.length === 0) return;
  await using app = await TempProject.create("conformance");
  const broken = await app.install(await packTo(app));
  if (broken !== undefined) throw new Error(broken);
  await prepareScript(app);
  await using tools = await TempProject.create("conformance-tools");
  await using server = await ConformanceServer.start();
  for (const plan of plans) {
    const obstacle = await tools.install(`${plan.alias}@npm:${plan.package}@${plan.range}`);
    if (obstacle === undefined) {
      await attempt(plan.name, async () => {
        const results = await runInRuntime(plan, tools, app, server.addresses);
        return { version: await tools.version(plan.alias), results };
      });
    } else skip(plan.name, obstacle);
  }
}

await runBrowsers(ENGINES.filter(({ name }) => isWanted(name)));
await runRuntimes(RUNTIMES.filter(({ name }) => isWanted(name)));
const table = toTable([HEAD, ...rows]);
console.log(`\n${table}\n`);
if (process.argv.includes("--write")) {
  if (PLATFORMS.every(isWanted)) await writeSection("docs/compatibility.md", "conformance", table);
  await writeSection("docs/guides/websocket.md", "differences", differencesText());
}
conclude(tally);
