// Runs the built package over broken networks: two namespaces for each trouble, with a server in one and a client in the
// other. Nothing leaves the machine. It needs Linux and root; what it lacks it installs from Debian. Arguments: parts of
// names of troubles (`npm run test:network -- reset`), --quick to leave out those that last long, and --write to write
// the table into docs/compatibility.md.
import { access } from "node:fs/promises";
import { type Played, play } from "../test/network/play.ts";
import { type Scenario, SCENARIOS } from "../test/network/scenarios.ts";
import { toTable } from "./markdown-table.ts";
import { writeSection } from "./section.ts";
import { conclude, type Tally } from "./tally.ts";
import { debianVersion, installDebian } from "./debian.ts";
import { run } from "./temp-project.ts";

const HEAD = [
  ...["trouble", "lasted", "settings", "noticed after", "as", "works again after its end", "sent", "of them queued"],
  ...["delivered", "of them late", "lost", "of them before the last frame in", "said to be unconfirmed", "twice"],
  ...["requests", "answered", "outcome unknown", "of them run", "never sent"],
];
/** So many troubles at the same time: nearly all that they do is wait. */
const LANES = 4;
const TUN = "/dev/net/tun";
/** What lasts so long is left out by --quick, in ms. */
const LONG = 20_000;

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
const names = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const quick = process.argv.includes("--quick");
const write = process.argv.includes("--write");
if (quick && write) throw new Error("A table is written by a whole run: --quick and --write do not go together");

/** Why no networks can be made here, if they cannot. */
async function obstacle(): Promise<string | undefined> {
  if (process.platform !== "linux") return "network namespaces are a thing of Linux";
  if (process.getuid?.() !== 0) return "only root can make network namespaces";
  const missing = await installDebian(["iproute2", "iptables", "python3"]);
  if (missing !== undefined) return missing;
  const probe = `holdfast-probe-${String(process.pid)}`;
  const { code, output } = await run("ip", ["netns", "add", probe], { cwd: "/" });
  if (code !== 0) return `this machine lets nobody make network namespaces: ${output}`;
  await run("ip", ["netns", "del", probe], { cwd: "/" });
  return undefined;
}

/** Why one cannot be played here, though others can. */
async function obstacleTo({ roundTrip }: Scenario): Promise<string | undefined> {
  if (roundTrip === undefined) return undefined;
  return access(TUN).then(
    () => undefined,
    () => `there is no ${TUN}, over which packets are delayed and lost`,
  );
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function rowOf({ scenario, noticed, cause, back, account }: Played): string[] {
  const { sent, queued, delivered, late, lost, earlier, unconfirmed, twice, requests } = account;
  return [
    ...[scenario.name, scenario.lasts === 0 ? "" : seconds(scenario.lasts), scenario.setting],
    ...[noticed === undefined ? "not at all" : seconds(noticed), cause ?? "", seconds(back)],
    ...[sent, queued, delivered, late, lost, earlier, unconfirmed, twice].map(String),
    ...[requests.asked, requests.answered, requests.unknown, requests.unknownAndRun, requests.unsent].map(String),
  ];
}

const titleOf = ({ name, lasts, setting }: Scenario): string => `${name} (${seconds(lasts)}, ${setting})`;

/** Plays one, prints what came of it, and answers its row. */
async function rowFor(scenario: Scenario): Promise<string[]> {
  const title = titleOf(scenario);
  const missing = await obstacleTo(scenario);
  if (missing !== undefined) {
    tally.skipped++;
    console.log(`${title}: skipped, for ${missing}`);
    return [scenario.name, seconds(scenario.lasts), scenario.setting, "skipped", ...HEAD.slice(4).map(() => "")];
  }
  try {
    const played = await play(scenario);
    const checks = Object.entries(played.checks);
    const failed = checks.filter(([, held]) => !held);
    tally.passed += checks.length - failed.length;
    tally.failed += failed.length;
    console.log(`${title}: ${String(checks.length - failed.length)} of ${String(checks.length)}`);
    for (const [what] of failed) console.log(`  FAILED ${what}: ${JSON.stringify(played)}`);
    return rowOf(played);
  } catch (error) {
    tally.failed++;
    console.log(`${title}\n  FAILED ${String(error)}`);
    return [scenario.name, seconds(scenario.lasts), scenario.setting, "failed", ...HEAD.slice(4).map(() => "")];
  }
}

async function playAll(scenarios: readonly Scenario[]): Promise<string[][]> {
  const rows: string[][] = [];
  const waiting = [...scenarios.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) rows[next[0]] = await rowFor(next[1]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return rows;
}

const reason = await obstacle();
const named = SCENARIOS.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
const wanted = named.filter(({ lasts }) => !quick || lasts < LONG);
if (reason === undefined) {
  const rows = await playAll(wanted);
  const kernel = /^\d+\.\d+/.exec((await run("uname", ["-r"], { cwd: "/" })).output)?.[0] ?? "of unknown version";
  const about = `Node ${process.version}, Linux ${kernel}, iptables ${(await debianVersion("iptables")) ?? "unknown"}.`;
  const settings =
    "Settings “quick”: heartbeat 1 s and 1 s, connect time-out 2 s, waits of 0.1 to 2 s. A message is sent every 100 ms.";
  const section = `${toTable([HEAD, ...rows])}\n\n${about} ${settings}`;
  console.log(`\n${section}\n`);
  if (write) await writeSection("docs/compatibility.md", "network", section);
} else {
  console.log(`Skipped, all of it: ${reason}`);
  tally.skipped += wanted.length;
}
const leftOut = named.filter((scenario) => !wanted.includes(scenario));
if (leftOut.length > 0) console.log(`Left out by --quick: ${leftOut.map(titleOf).join("; ")}`);
conclude(tally);
