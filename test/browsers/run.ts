import { installDebian } from "../../scripts/debian.ts";
import type { Browser } from "./browser.ts";
import { chats } from "./chat.ts";
import { runContexts } from "./contexts.ts";
import { demos } from "./demo.ts";
import type { Engine } from "./engines.ts";
import { closeCodes } from "./lifecycle/close-codes.ts";
import { history } from "./lifecycle/history.ts";
import { network } from "./lifecycle/network.ts";
import { outages } from "./lifecycle/outages.ts";
import { sleeping } from "./lifecycle/sleep.ts";
import { visibility } from "./lifecycle/visibility.ts";
import { pages } from "./pages.ts";
import type { Result } from "./result.ts";
import type { Scenario, Selection } from "./scenario.ts";
import { Site } from "./site.ts";
import { within } from "./wait.ts";

/** What is run besides the cases of page/. */
export const SCENARIOS: readonly (readonly [group: Result["group"], scenarios: readonly Scenario[]])[] = [
  ["lifecycle", [...network, ...visibility, ...history, ...sleeping, ...outages, ...closeCodes]],
  ["pages", pages],
  ["examples", [...demos, ...chats]],
];

/** No scenario takes longer, in ms. */
const LIMIT = 300_000;

/** Runs everything that is selected in one engine. Answers its version. */
export async function runEngine(
  engine: Engine,
  selection: Selection,
  report: (result: Result) => void,
): Promise<string> {
  await using site = await Site.start();
  await using browser = await engine.launch();
  await runContexts(browser, site, selection, report);
  for (const [group, scenarios] of SCENARIOS) {
    for (const scenario of scenarios.filter(({ sentence }) => sentence.includes(selection.filter))) {
      report({ group, engine: engine.name, ...(await attempt(scenario, { engine, browser, site }, selection)) });
    }
  }
  return browser.version;
}

const installs = new Map<string, Promise<string | undefined>>();

/** Engines may run at the same time; what they need is installed once. Answers why that was not possible. */
function install(packages: readonly string[]): Promise<string | undefined> {
  const key = packages.join();
  const install = installs.get(key) ?? installDebian(packages);
  installs.set(key, install);
  return install;
}

interface Place {
  readonly engine: Engine;
  readonly browser: Browser;
  readonly site: Site;
}

async function attempt(
  scenario: Scenario,
  { engine, browser, site }: Place,
  { quick }: Selection,
): Promise<Pick<Result, "sentence" | "seen" | "error" | "skipped">> {
  const { sentence, engines, elsewhere = "", length, launch, needs = [], run } = scenario;
  if (!engines.includes(engine.name)) return { sentence, skipped: elsewhere };
  if (quick && length === "long") return { sentence, skipped: "it takes long, and this is a quick run" };
  const obstacle = needs.length > 0 ? await install(needs) : undefined;
  if (obstacle !== undefined) return { sentence, skipped: obstacle };
  try {
    await using own = launch && (await engine.launch(launch));
    return { sentence, seen: await within(LIMIT, sentence, run({ browser: own ?? browser, site })) };
  } catch (error) {
    return { sentence, error: String(error) };
  }
}
