// Packs the package and gives it to fresh projects: bundlers, Next.js, TypeScript, Node, Jest, linters. What they need is
// installed from npm into temporary folders. Arguments: parts of names (`npm run test:package -- vite typescript`),
// --quick to leave out what takes long, and --write to write the tables into docs/compatibility.md if nothing failed.
import { parseArgs } from "node:util";
import { BUNDLERS } from "../test/package/bundler-list.ts";
import { bundlerConsumer } from "../test/package/bundlers.ts";
import { LINTERS } from "../test/package/linters.ts";
import { next } from "../test/package/next.ts";
import { RUNNERS } from "../test/package/node.ts";
import { type Bench, type Consumer, Report } from "../test/package/report.ts";
import { COMPILERS } from "../test/package/types.ts";
import { FaultServer } from "../test/support/fault-server.ts";
import { toTable } from "./markdown-table.ts";
import { writeSection } from "./section.ts";
import { conclude, type Tally } from "./tally.ts";
import { inPool } from "./pool.ts";
import { packTo, TempProject } from "./temp-project.ts";

const AT_A_TIME = 2;
const APPS = {
  client: "`createClient`",
  connection: "`Connection` of `holdfast/connection`",
  part: "`Connection` of `holdfast`",
};
const tally: Tally = { passed: 0, failed: 0, skipped: 0 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});
if (values.write && (values.quick || positionals.length > 0))
  throw new Error("--write puts the whole tables: name nothing, and leave nothing out");

/** A consumer, and its row. */
interface Row {
  readonly consumer: Consumer;
  readonly version: string;
  readonly report: Report | undefined;
}

function isWanted({ name, slow }: Consumer): boolean {
  if (positionals.length > 0) return positionals.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  if (!values.quick || !slow) return true;
  console.log(`${name}: left out by --quick`);
  tally.skipped++;
  return false;
}

function judge({ name }: Consumer, version: string, report: Report, ms: number): void {
  const passed = report.checks.length - report.failed.length;
  tally.passed += passed;
  tally.failed += report.failed.length;
  const score = `${String(passed)} of ${String(report.checks.length)}`;
  console.log(`${name} (${version}): ${score} in ${(ms / 1000).toFixed(0)} s`);
  for (const { name: check, error = "" } of report.failed) console.log(`  FAILED ${check}\n    ${error}`);
}

async function runOne(consumer: Consumer, bench: Bench): Promise<Row> {
  const began = Date.now();
  await using project = await TempProject.create("package", consumer.manifest);
  const obstacle = await project.install(bench.tarball, ...consumer.packages);
  if (obstacle !== undefined) {
    console.log(`${consumer.name}: skipped, for it cannot be installed here: ${obstacle}`);
    tally.skipped++;
    return { consumer, version: "skipped", report: undefined };
  }
  const report = new Report();
  await consumer.check(report, project, bench);
  const version = await consumer.version(project);
  judge(consumer, version, report, Date.now() - began);
  return { consumer, version, report };
}

function score(report: Report | undefined): string {
  return report ? `${String(report.checks.length - report.failed.length)} of ${String(report.checks.length)}` : "";
}

function tablesOf(rows: readonly Row[]): string {
  const bundled = rows.filter(({ consumer }) => BUNDLERS.some(({ name }) => name === consumer.name));
  const others = rows.filter((row) => !bundled.includes(row));
  const sizes = (report: Report | undefined): string[] =>
    Object.keys(APPS).map((app) => (report?.sizes.has(app) === true ? `${String(report.sizes.get(app))} B` : ""));
  const first = [
    ["bundler", "version", "for", "checks", ...Object.values(APPS)],
    ...bundled.map(({ consumer, version, report }) => [
      ...[consumer.name, version, consumer.what, score(report)],
      ...sizes(report),
    ]),
  ];
  const second = [
    ["consumer", "version", "what was done", "checks"],
    ...others.map(({ consumer, version, report }) => [consumer.name, version, consumer.what, score(report)]),
  ];
  return [first, second]
    .filter((table) => table.length > 1)
    .map((rows) => toTable(rows))
    .join("\n\n");
}

const wanted = [next, ...BUNDLERS.map(bundlerConsumer), ...COMPILERS, ...RUNNERS, ...LINTERS].filter(isWanted);
await using folder = await TempProject.create("packed");
const echo = await FaultServer.start();
const bench: Bench = { tarball: await packTo(folder), echoUrl: echo.url };
const tables = tablesOf(await inPool(AT_A_TIME, wanted, (consumer) => runOne(consumer, bench)));
await echo.stop();
console.log(`\n${tables}\n`);
if (values.write && tally.failed === 0) await writeSection("docs/compatibility.md", "package", tables);
conclude(tally);
