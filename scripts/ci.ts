// What CI runs after `npm ci` and `npm run check`: every group of tests that fits in 20 minutes together, one after the
// other. Prints what each came to and what is left out, and ends with one line: "N passed, N failed".
import { spawn } from "node:child_process";
import { inRoot } from "./entries.ts";

interface Group {
  readonly name: string;
  /** An npm script and its arguments. */
  readonly run: readonly string[];
  /** What of the group is not run here, and how it is run. */
  readonly leftOut?: string;
}

const GROUPS: readonly Group[] = [
  { name: "unit, model, simulation, integration, Chromium", run: ["test"] },
  { name: "runtimes", run: ["test:runtimes"] },
  { name: "packaging", run: ["test:package", "--quick"], leftOut: "Next.js, Metro and Jest: npm run test:package" },
  { name: "servers and proxies", run: ["test:servers", "--quick"], leftOut: "64 MB: npm run test:servers" },
  { name: "broken networks", run: ["test:network", "--quick"], leftOut: "the long troubles: npm run test:network" },
  {
    name: "Firefox and WebKit",
    run: ["test:browsers", "--quick", "--together", "--only", "firefox,webkit"],
    leftOut: "what takes long, in all three engines: npm run test:browsers",
  },
  {
    name: "the WebSocket standard",
    run: ["test:conformance", "node 22", "deno", "bun"],
    leftOut: "the browsers (Node 24 is among the integration tests): npm run test:conformance",
  },
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
  const [name = "", ...args] = group.run;
  // The first group builds; the others would again.
  const built = group === GROUPS[0] ? [] : ["--ignore-scripts"];
  const child = spawn("npm", ["run", "--silent", ...built, name, "--", ...args], {
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
