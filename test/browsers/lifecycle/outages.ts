import { LivePage } from "../live-page.ts";
import { ensure, many, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse, until } from "../wait.ts";

/** Longer than it takes a connection to count as stable. */
const STABLE = 6_000;
const OUTAGE = 30_000;
/** No wait of the client is longer than 30 s. */
const PATIENCE = 60_000;

/** The loop that everybody writes first. */
const NAIVE = `(function dial() {
  const socket = new WebSocket(URL);
  live.log.push({ at: Date.now(), what: "state", detail: "dial" });
  socket.onclose = () => setTimeout(dial, 1000);
})()`;

interface Recovery {
  /** From the restart of the server to the open link, in ms. */
  readonly back: number;
  /** How much of that the browser kept the last dial waiting by itself. */
  readonly held: number;
  readonly dials: number;
}

/** The server is killed, refuses connections for 30 s, and is there again. */
async function outlast(page: LivePage, client: string): Promise<Recovery> {
  const { tab, world } = page;
  const { server, peer } = world;
  await tab.ask(`(${client.replace("URL", JSON.stringify(server.url))}, true)`);
  await until("the first link", () => (peer.openedAt.length === 1 ? true : undefined));
  await elapse(STABLE);
  await server.stop();
  await elapse(OUTAGE);
  const restarted = Date.now();
  await server.restart();
  const opened = await until("the second link", () => peer.openedAt[1], PATIENCE);
  const dials = (await page.log()).filter(({ what, detail }) => what === "state" && detail === "dial");
  const last = dials.at(-1)?.at ?? 0;
  return { back: opened - restarted, held: opened - Math.max(last, restarted), dials: dials.length - 1 };
}

/**
 * Firefox delays a dial to an address whose last dials have failed: 0.2 to 0.4 s after the first failure, and half as
 * much again after each further one, up to a minute. So whoever dials often waits long.
 */
async function firefox({ browser, site }: Stage): Promise<string> {
  const ours = await outlast(await LivePage.load(browser, site), "live.connect(URL, {})");
  const naive = await outlast(await LivePage.load(browser, site), NAIVE);
  const tell = ({ back, held, dials }: Recovery): string =>
    `back ${ms(back)} after the restart with ${many(dials, "dial")}, of which Firefox held back the last for ${ms(held)}`;
  ensure(ours.held < 3_000, `the client: ${tell(ours)}`);
  ensure(ours.held < naive.held, `the client: ${tell(ours)}; a loop of 1 s: ${tell(naive)}`);
  return `${tell(ours)}; a loop of 1 s: ${tell(naive)}`;
}

export const outages: readonly Scenario[] = [
  {
    sentence:
      "server gone for 30 s: the browser's own delay of failing dials adds next to nothing to the client's waits",
    engines: ["Firefox"],
    elsewhere: "only Firefox delays dials",
    length: "long",
    run: firefox,
  },
];
