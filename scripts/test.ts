// Runs the tests, those of Vitest and then the quick ones in a real Chromium, and ends with one line: "N passed, N failed"
// or "N passed, N failed, N skipped". Arguments are Vitest's own, and choose from its tests: then no browser is started.
//   npm test -- --project unit backoff
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseCLI, startVitest, type TestModule, type Vitest } from "vitest/node";
import { conclude, type Tally } from "./tally.ts";
import { inRoot } from "./entries.ts";

const chosen = process.argv.slice(2);

function countTests(modules: readonly TestModule[]): Tally {
  const count: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that is still pending when the run is over did not pass.
      count[state === "pending" ? "failed" : state] += 1;
    }
    // A file that did not load and a hook that threw have no test of their own to fail.
    const broken = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
    count.failed += broken.length;
  }
  return count;
}

async function run(): Promise<Vitest> {
  const { filter, options } = parseCLI(["vitest", "run", ...chosen]);
  return startVitest(filter, { ...options, watch: false });
}

/** A process of its own, so that nothing that happens to it takes the closing line along. */
async function runChromium(): Promise<Tally> {
  const args = [inRoot("scripts/test-browsers.ts"), "--quick", "--only", "chromium"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let count: Tally | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const closing = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line);
    const [, passed, failed, skipped = 0] = closing ?? [];
    if (closing) count = { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
    else console.log(line);
  }
  if (!count) console.error("The tests in Chromium broke off: that counts as a failure.");
  return count ?? { passed: 0, failed: 1, skipped: 0 };
}

const vitest = await run();
const count = countTests(vitest.state.getTestModules());
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();

if (unhandled > 0) console.error(`${String(unhandled)} unhandled errors: each counts as a failure.`);
count.failed += unhandled;
if (chosen.length === 0) {
  const { passed, failed, skipped } = await runChromium();
  count.passed += passed;
  count.failed += failed;
  count.skipped += skipped;
}
if (count.passed + count.failed === 0) console.error("No test ran.");
conclude(count);
process.exit();
