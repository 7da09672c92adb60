import type { Browser, Tab } from "./browser.ts";
import type { Build, Context, Outcome } from "./page/protocol.ts";
import type { Result } from "./result.ts";
import type { Selection } from "./scenario.ts";
import type { Site } from "./site.ts";
import { until } from "./wait.ts";

type Places = readonly (readonly [build: Build, contexts: readonly Context[]])[];

/** Where the cases run, and on which file of the package. */
const PLACES: Places = [
  ["cdn", ["page", "shared worker"]],
  ["esm", ["page", "worker", "service worker"]],
];
const QUICK_PLACES: Places = [
  ["cdn", ["page"]],
  ["esm", ["worker"]],
];

const GROUP: Result["group"] = "cases";

/** Runs the cases of page/cases.ts in every context that this browser has. */
export async function runContexts(
  browser: Browser,
  site: Site,
  { quick, filter }: Selection,
  report: (result: Result) => void,
): Promise<void> {
  for (const [build, contexts] of quick ? QUICK_PLACES : PLACES) {
    const tab = await browser.open();
    await tab.goto(site.suiteUrl(build));
    await until("the suite", async () => ((await tab.ask("typeof suite")) === "object" ? true : undefined));
    const runs = contexts.map((context) => () => runContext({ browser, tab, build, context, filter, report }));
    // Firefox dials one WebSocket at a time to one address, so that contexts would wait for each other's stalled dials.
    if (browser.engine === "Firefox") for (const run of runs) await run();
    else await Promise.all(runs.map((run) => run()));
  }
}

interface Run {
  readonly browser: Browser;
  readonly tab: Tab;
  readonly build: Build;
  readonly context: Context;
  readonly filter: string;
  readonly report: (result: Result) => void;
}

async function runContext({ browser: { engine }, tab, build, context, filter, report }: Run): Promise<void> {
  const place = `${context} (${build})`;
  const missing = await tab.ask(`suite.missing(${JSON.stringify(context)})`);
  if (typeof missing === "string") {
    report({ group: GROUP, engine, sentence: `runs in a ${context}`, place, skipped: missing });
    return;
  }
  const sentences = (await tab.ask("suite.sentences")) as readonly string[]; // see page/suite.ts
  for (const sentence of sentences.filter((each) => each.includes(filter))) {
    const answer = await tab.ask(`suite.run(${JSON.stringify(context)}, ${JSON.stringify(sentence)})`);
    const outcome = answer as Outcome; // see page/suite.ts
    report({ group: GROUP, engine, sentence, place, ...verdict(outcome) });
  }
}

function verdict(outcome: Outcome): { seen: string; figure?: number } | { error: string } {
  if (!outcome.passed) return { error: outcome.error };
  const { figure } = outcome;
  return { seen: `${String(outcome.ms)} ms`, ...(figure !== undefined && { figure }) };
}
