import { systemClock } from "../../src/core/clock.ts";
import { passing } from "../servers/service.ts";
import { type Account, accountOf } from "./account.ts";
import { Namespaces } from "./namespaces.ts";
import { Run } from "./run.ts";
import { type Scenario, SETTINGS, TIMEOUT } from "./scenarios.ts";

/** A message is sent every so many ms, all along. */
const EVERY = 100;

/** So much longer than planned a round trip may be, on a busy machine. */
const HASTE = 200;

/** What came of a scenario. Times are in ms. */
export interface Played {
  readonly scenario: Scenario;
  /** From the beginning of the trouble; absent if the link stayed open. */
  readonly noticed: number | undefined;
  readonly cause: string | undefined;
  /** From the end of the trouble to the first message that was sent after it and confirmed. */
  readonly back: number;
  readonly account: Account;
  /** What had to be, and whether it was. */
  readonly checks: Readonly<Record<string, boolean>>;
}

/** Makes a network, lets two talk over it, makes trouble, and sees what comes of it. */
export async function play(scenario: Scenario): Promise<Played> {
  await using spaces = await (scenario.join ?? (() => Namespaces.plain()))();
  const run = await Run.start(spaces, { every: EVERY, options: SETTINGS[scenario.setting] });
  const before = systemClock.now();
  await scenario.begin(run);
  const from = systemClock.now(); // a command takes its time, and is effective at its end
  await passing(scenario.lasts);
  const until = systemClock.now();
  await scenario.end(run);
  const back = (await run.works(until)) - until;
  await run.settle();
  const lost = run.stateAt(before, "not open");
  const result = {
    scenario,
    noticed: lost && Math.max(0, lost.at - from),
    cause: lost?.cause,
    back,
    account: accountOf(run.events, run.ledger),
  };
  const busy = run.events.some(({ what, at }) => what === "late" && at >= from && at <= (lost?.at ?? 0));
  return { ...result, checks: check(result, busy) };
}

/** `busy`: this machine had no time for the client, which then asks once more before it gives a link up. */
function check({ scenario, noticed, cause, back, account }: Omit<Played, "checks">, busy: boolean): Played["checks"] {
  const { within, as } = scenario.noticed ?? {};
  const common = {
    "messages are confirmed again in time": back <= scenario.back,
    "every message was written at once, or queued and then written": account.dropped === 0,
    "no message arrives twice": account.twice === 0,
    "each link keeps the order": account.inOrder,
    "what is said of each request is true, and none runs twice": account.requests.untrue === 0,
  };
  if (within === undefined || noticed === undefined)
    return {
      ...common,
      [within === undefined ? "the link survives it" : "it is noticed"]: within === noticed,
      "every message arrives": account.lost === 0,
      "every request is answered": account.requests.answered === account.requests.asked,
      "and none is said to be unconfirmed": account.unconfirmed === 0,
    };
  return {
    ...common,
    [`it is noticed within ${String(within)} ms`]: noticed <= within + (busy ? TIMEOUT[scenario.setting] : 0),
    [`it is noticed as ${String(as)}`]: cause === as,
    "no more is lost than is said to be unconfirmed, and what was on its way when the last frame was":
      account.lost - account.earlier <= account.unconfirmed && account.earliest <= (scenario.roundTrip ?? 0) + HASTE,
  };
}
