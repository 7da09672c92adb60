import type { Tab } from "../browser.ts";
import type { Dial, Strategy } from "../page/outage.ts";
import { ensure, many, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse, until } from "../wait.ts";
import { FaultServer } from "../../support/fault-server.ts";

/** Longer than it takes a connection to count as stable. */
const STABLE = 6_000;
const OUTAGE = 60_000;
/** No wait of a client, and no delay of Firefox, is longer than a minute. */
const PATIENCE = 100_000;

interface Recovery {
  /** From the restart of the server to the open link, in ms. */
  readonly back: number;
  /** The longest that a dial took to fail. A refused one fails at once, unless the browser keeps it waiting. */
  readonly held: number;
  readonly dials: number;
}

async function dialsTo(tab: Tab, { url }: FaultServer): Promise<readonly Dial[]> {
  const dials = (await tab.ask("outage.dials")) as readonly Dial[]; // see page/outage.ts
  return dials.filter((dial) => dial.url.startsWith(url));
}

/**
 * The server is killed, refuses connections for long, and is there again. Firefox dials one WebSocket at a time to one
 * address: whoever is to wait beside others needs a `host` of its own.
 */
async function outlast(tab: Tab, strategy: Strategy, host: string): Promise<Recovery> {
  await using server = await FaultServer.start({ host });
  await tab.ask(`(outage.begin(${JSON.stringify(strategy)}, ${JSON.stringify(server.url)}), true)`);
  await until("the first link", () => (server.counters.live === 1 ? true : undefined));
  await elapse(STABLE);
  await server.stop();
  const before = (await dialsTo(tab, server)).length;
  await elapse(OUTAGE);
  const restarted = Date.now();
  await server.restart();
  const last = await until(
    `the second link of ${strategy}`,
    async () => (await dialsTo(tab, server)).slice(before).find(({ opened }) => opened),
    PATIENCE,
  );
  const failed = (await dialsTo(tab, server)).slice(before).filter(({ opened }) => opened === false);
  const held = Math.max(0, ...failed.map(({ at, ended = at }) => ended - at));
  return { back: (last.ended ?? 0) - restarted, held, dials: failed.length };
}

/**
 * Firefox delays a dial to an address whose last dials have failed: 0.2 to 0.4 s after the first failure, and half as
 * much again after each further one, up to a minute. So whoever dials often waits long. See docs/decisions/firefox-delay.md.
 */
async function firefox({ browser, site }: Stage): Promise<string> {
  const tab = await browser.open();
  await tab.goto(site.url("/outage/cdn"));
  await until("the page", async () => ((await tab.ask("typeof outage")) === "object" ? true : undefined));
  const [loop, client, asking] = await Promise.all([
    outlast(tab, "a loop of 1 s", "127.0.0.2"),
    outlast(tab, "the client", "127.0.0.3"),
    outlast(tab, "the client, asking by HTTP first", "127.0.0.4"),
  ]);
  const told = [
    `the client: ${tell(client)}`,
    `asking by HTTP first: ${tell(asking)}`,
    `a loop of 1 s: ${tell(loop)}`,
  ].join("; ");
  ensure(loop.held > 5_000, `there is such a delay: ${told}`);
  ensure(client.held < 1_500, `it does not hit the client: ${told}`);
  ensure(asking.dials === 0, `who asks first dials no server that is away: ${told}`);
  return told;
}

function tell({ back, held, dials }: Recovery): string {
  return `${many(dials, "failed dial")}, held for up to ${ms(held)}, back after ${ms(back)}`;
}

export const outages: readonly Scenario[] = [
  {
    sentence: "server gone for a minute: the browser's own delay of failing dials adds nothing to the client's waits",
    engines: ["Firefox"],
    elsewhere: "only Firefox delays dials",
    length: "long",
    run: firefox,
  },
];
