// What CI runs after `npm ci` and `npm run check`: every group of tests that fits in 20 minutes together, one after the
// other. Prints what each came to and what is left out, and ends with one line: "N passed, N failed".
import { spawn } from "node:child_process";
import { inRoot } from "./entries.ts";

interface Group {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What of the group is not run here, and how it is run. */
  readonly leftOut?: string;
}

/** A script of this folder, on what the first group has built. */
function script(name: string, file: string, args: readonly string[], leftOut?: string): Group {
  return {
    name,
    command: process.execPath,
    args: [inRoot(`scripts/${file}.ts`), ...args],
    ...(leftOut && { leftOut }),
  };
}

const GROUPS: readonly Group[] = [
  { name: "unit, model, simulation, integration, Chromium", command: "npm", args: ["test", "--silent"] },
  script("runtimes", "test-runtimes", []),
  script("packaging", "test-package", ["--quick"], "Next.js, Metro and Jest: npm run test:package"),
  script("servers and proxies", "test-servers", ["--quick"], "64 MB: npm run test:servers"),
  script("broken networks", "test-network", ["--quick"], "the long troubles: npm run test:network"),
  script(
    "Firefox and WebKit",
    "test-browsers",
    ["--quick", "--together", "--only", "firefox,webkit"],
    "what takes long, in all three engines: npm run test:browsers",
  ),
  script(
    "the WebSocket standard",
    "test-conformance",
    ["node 22", "deno", "bun"],
    "the browsers (Node 24 is among the integration tests): npm run test:conformance",
  ),
];

/** Groups of their own that are too long for every change. */
const ELSEWHERE = [
  "npm run faults, npm run mutants: whether the tests notice what is wrong",
  "npm run sim: more seeds than the 2,000 of the suite",
  "npm run bench, and its parts: a quiet machine",
];

interface Outcome {
  readonly group: Group;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

/** Runs one group, shows what it prints, and reads its closing line. A group without one has failed. */
async function runGroup(group: Group): Promise<Outcome> {
  const began = Date.now();
  const child = spawn(group.command, group.args, {
    cwd: inRoot("."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text.replace(/^(\d+ passed, \d+ failed.*)$/gm, `${group.name}: $1`));
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const [, passed = "0", failed = "1"] = /^(\d+) passed, (\d+) failed[^\n]*\n?$/m.exec(lastLine(output)) ?? [];
  const count = { passed: Number(passed), failed: Number(failed) };
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return { group, ...count, seconds: Math.round((Date.now() - began) / 1_000) };
}

function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1) ?? "";
}

const outcomes: Outcome[] = [];
for (const group of GROUPS) outcomes.push(await runGroup(group));

console.log("");
for (const { group, passed, failed, seconds } of outcomes)
  console.log(`${group.name}: ${String(passed)} passed, ${String(failed)} failed, ${String(seconds)} s`);
for (const { name, leftOut } of GROUPS) if (leftOut !== undefined) console.log(`left out of ${name}: ${leftOut}`);
for (const group of ELSEWHERE) console.log(`left out: ${group}`);
const sum = (key: "passed" | "failed"): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`${String(sum("passed"))} passed, ${String(sum("failed"))} failed`);
process.exitCode = sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
