// Runs an end-to-end suite on the built package against real servers and proxies, one at a time: what Debian and npm
// have of them is installed if it is not there. Arguments: parts of names of servers (`npm run test:servers -- nginx`),
// --quick to leave out what takes long, and --write to write the table into docs/compatibility.md.
import { readFile } from "node:fs/promises";
import { systemClock } from "../src/core/clock.ts";
import { PrivateAuthority } from "../test/support/certificates.ts";
import { SERVERS } from "../test/servers/servers.ts";
import { type Bench, type ServerCase, type ServerPlan, type Target, World } from "../test/servers/world.ts";
import { toTable } from "./markdown-table.ts";
import { writeSection } from "./section.ts";
import { conclude, type Tally } from "./tally.ts";
import { debianVersion, installDebian } from "./debian.ts";
import { inRoot } from "./entries.ts";
import { TempProject } from "./temp-project.ts";

/** What each column has is noted by cases, but for the first three. */
const COLUMNS: Readonly<Record<string, string>> = {
  refusal: "refuses with",
  SIGTERM: "close code on SIGTERM",
  frozen: "noticed frozen after",
  large: "64 MB there and back",
  fragments: "fragments",
  TLS: "TLS",
  "idle cut": "idle cut seen as",
  reload: "a reload",
  "upstream down": "upstream down",
  "bad end": "bad manners",
};
const HEAD = ["server", "version", "cases", ...Object.values(COLUMNS)];
/** Whoever hangs for so long hangs for ever, in ms. */
const PATIENCE = 660_000;

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
const names = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const quick = process.argv.includes("--quick");
const write = process.argv.includes("--write");
if (quick && write) throw new Error("A table is written by a whole run: --quick and --write do not go together");

/** Why a server cannot be had here, if it cannot. */
async function install({ debian, npm }: ServerPlan, tools: TempProject): Promise<string | undefined> {
  return (await installDebian(debian)) ?? (npm === undefined ? undefined : tools.install(npm));
}

async function versionOf({ debian: [first], npm, name }: ServerPlan, tools: TempProject): Promise<string> {
  if (npm !== undefined) return tools.version(npm);
  if (first !== undefined && !name.startsWith("FastAPI")) return (await debianVersion(first)) ?? "unknown";
  if (first !== undefined) {
    const of = async (debian: string): Promise<string> => (await debianVersion(debian)) ?? "unknown";
    const implementation = name.endsWith("wsproto") ? "wsproto" : "websockets";
    const versions = [await of("python3-fastapi"), await of(first), await of(`python3-${implementation}`)];
    return versions.join(" / ");
  }
  const { version } = JSON.parse(await readFile(inRoot("node_modules/ws/package.json"), "utf8")) as { version: string };
  return `${version} on ${process.version}`;
}

async function attempt(check: ServerCase, world: World): Promise<string | undefined> {
  let cancel = (): void => undefined;
  const hangs = new Promise<never>((_, reject) => {
    cancel = systemClock.after(PATIENCE, () => {
      reject(new Error("It hangs"));
    });
  });
  try {
    await Promise.race([check(world), hangs]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    cancel();
    await world.close();
  }
}

/** Runs the cases of one server, and answers its row. */
async function runOn(plan: ServerPlan, bench: Bench, version: string): Promise<string[]> {
  const notes = new Map<string, string>();
  const failures: string[] = [];
  const all = Object.entries(quick ? plan.cases : { ...plan.cases, ...plan.slow });
  const from = systemClock.now();
  await using holder = new AsyncDisposableStack();
  let target: (Target & AsyncDisposable) | undefined;
  for (const [name, check] of all) {
    // A case that failed may have left the server stopped or frozen: the next one gets a new one.
    target ??= await plan.start(bench);
    const world = new World(target, bench.authority.ca, (column, found) => notes.set(column, found));
    const error = await attempt(check, world);
    if (error === undefined) continue;
    failures.push(`  FAILED ${name}\n    ${error}`);
    await target[Symbol.asyncDispose]();
    target = undefined;
  }
  if (target) holder.use(target);
  const passed = all.length - failures.length;
  tally.passed += passed;
  tally.failed += failures.length;
  const took = `${((systemClock.now() - from) / 1_000).toFixed(1)} s`;
  console.log(
    [`${plan.name} (${version}): ${String(passed)} of ${String(all.length)}, ${took}`, ...failures].join("\n"),
  );
  const found = Object.keys(COLUMNS).map((column) => notes.get(column) ?? "–");
  return [plan.name, version, `${String(passed)} of ${String(all.length)}`, ...found];
}

/** Runs them one after the other, and answers their rows. */
async function runAll(plans: readonly ServerPlan[]): Promise<string[][]> {
  const rows: string[][] = [];
  await using tools = await TempProject.create("servers");
  const noAuthority = await installDebian(["openssl"]);
  if (noAuthority !== undefined) console.log(`openssl: ${noAuthority}`);
  using authority = new PrivateAuthority(tools.path);
  for (const plan of plans) {
    const missing = await install(plan, tools);
    if (missing === undefined) {
      await using folder = await TempProject.create("server");
      const writeFile = (name: string, text: string): Promise<string> => folder.write(name, text);
      const tool = (path: string): string => tools.file(`node_modules/${path}`);
      const bench = { folder: folder.path, authority, write: writeFile, tool };
      rows.push(await runOn(plan, bench, await versionOf(plan, tools)));
    } else {
      console.log(`${plan.name}: skipped, for it cannot be had here: ${missing}`);
      tally.skipped++;
      rows.push([plan.name, "skipped", ...HEAD.slice(2).map(() => "")]);
    }
  }
  return rows;
}

const wanted = SERVERS.filter(
  ({ name }) => names.length === 0 || names.some((part) => name.toLowerCase().includes(part.toLowerCase())),
);
const table = toTable([HEAD, ...(await runAll(wanted))]);
const remarks = wanted.flatMap(({ name, remark }) => (remark === undefined ? [] : [`- ${name}: ${remark}.`]));
const section = [table, ...(remarks.length === 0 ? [] : [remarks.join("\n")])].join("\n\n");
console.log(`\n${section}\n`);
if (write) await writeSection("docs/compatibility.md", "servers", section);
const leftOut = new Set(wanted.flatMap(({ slow = {} }) => Object.keys(slow)));
if (quick && leftOut.size > 0) console.log(`Left out by --quick, for each server: ${[...leftOut].join("; ")}`);
conclude(tally);
