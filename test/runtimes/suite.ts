import { systemClock } from "../../src/core/clock.ts";
import { same } from "../support/contract-recorder.ts";
import { transportContract } from "holdfast/testing";
import { layerCases } from "./layers.ts";
import { recoveryCases } from "./recovery.ts";
import { RemoteHarness } from "./remote.ts";
import { Uncaught } from "./uncaught.ts";
import { type EndToEndCase, type Way, World } from "./world.ts";

/** What became of one case. */
export interface CaseResult {
  readonly way: string;
  readonly group: "contract" | "end to end";
  readonly name: string;
  /** Absent if it passed. */
  readonly error?: string;
}

/** Runs everything, one case after the other, and tells each result as it comes. */
export async function runSuite(
  control: string,
  ways: readonly Way[],
  tell: (result: CaseResult) => unknown,
): Promise<void> {
  const uncaught = new Uncaught();
  for (const way of ways) {
    const run = async (group: CaseResult["group"], name: string, body: () => Promise<void>): Promise<void> => {
      tell({ way: way.name, group, name, ...(await attempt(body)) });
    };
    const harness = new RemoteHarness(control, way.contract, way.features);
    for (const { name, run: check } of transportContract(harness)) {
      await run("contract", name, () => check().finally(() => harness.stop()));
    }
    for (const [name, check] of Object.entries({ ...recoveryCases, ...layerCases })) {
      await run("end to end", name, () => inWorld(control, way, check));
    }
    await run("end to end", "all along nothing was rejected or thrown that nobody heard", async () => {
      same("uncaught", await uncaught.take(), []);
    });
  }
}

async function inWorld(control: string, way: Way, check: EndToEndCase): Promise<void> {
  const world = await World.open(control, way);
  try {
    await check(world);
  } finally {
    await world.close();
  }
}

/** Whoever hangs for so long hangs for ever, in ms. */
const PATIENCE = 30_000;

async function attempt(body: () => Promise<void>): Promise<{ readonly error?: string }> {
  let cancel = (): void => undefined;
  const hangs = new Promise<never>((_, reject) => {
    cancel = systemClock.after(PATIENCE, () => {
      reject(new Error("It hangs"));
    });
  });
  try {
    await Promise.race([body(), hangs]);
    return {};
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? String(error)) : String(error) };
  } finally {
    cancel();
  }
}
