// Runs the tests and ends with one line: "N passed, N failed" or "N passed, N failed, N skipped".
// Arguments are Vitest's own: `npm test -- --project unit backoff`.
import { parseCLI, startVitest, type TestModule, type Vitest } from "vitest/node";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

function countTests(modules: readonly TestModule[]): Count {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
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

function closingLine({ passed, failed, skipped }: Count): string {
  const line = `${String(passed)} passed, ${String(failed)} failed`;
  return skipped === 0 ? line : `${line}, ${String(skipped)} skipped`;
}

async function run(): Promise<Vitest> {
  const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
  return startVitest(filter, { ...options, watch: false });
}

const vitest = await run();
const count = countTests(vitest.state.getTestModules());
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();

if (unhandled > 0) console.error(`${String(unhandled)} unhandled errors: each counts as a failure.`);
if (count.passed + count.failed === 0) console.error("No test ran.");
count.failed += unhandled;
const failed = count.failed > 0 || count.passed === 0 || Boolean(process.exitCode);
console.log(closingLine(count));
process.exit(failed ? 1 : 0);
