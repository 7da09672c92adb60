import type { Browser } from "../browser.ts";
import { BRISK, LivePage, tell } from "../live-page.ts";
import { ensure, EVERYWHERE, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse } from "../wait.ts";

/** Three times what the heartbeat would wait for. */
const NAP = 3 * (BRISK.heartbeat.interval + BRISK.heartbeat.timeout);

/** Every process of the browser stands still while `meanwhile` happens, as on a computer that sleeps. Answers when it woke up. */
async function sleep(browser: Browser, meanwhile: () => Promise<void>): Promise<number> {
  const processes = browser.processes();
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  try {
    await elapse(NAP / 2);
    await meanwhile();
    await elapse(NAP / 2);
  } finally {
    for (const pid of processes) process.kill(pid, "SIGCONT");
  }
  return Date.now();
}

async function soundSleep({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site);
  const woke = await sleep(browser, () => page.world.do({ do: "say", text: '"meanwhile"' }));
  const { at: heard } = await page.saw("message", "meanwhile");
  await elapse(BRISK.heartbeat.interval + BRISK.heartbeat.timeout); // time in which it could be judged dead
  await page.sum();
  ensure(page.world.seen.opened === 1, `the link is kept: ${tell(await page.log())}`);
  return `the same link goes on; what came meanwhile is there ${ms(heard - woke)} after waking`;
}

async function lostAsleep({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site);
  const woke = await sleep(browser, () => page.world.do({ do: "kill" }));
  const { at: back } = await page.saw("state", "open", woke);
  ensure(back - woke < 3_000, `back after ${ms(back - woke)}: ${tell(await page.log())}`);
  await page.sum();
  return `back ${ms(back - woke)} after waking`;
}

async function deadAsleep({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site);
  const woke = await sleep(browser, () => page.world.do({ do: "blackhole" }));
  const { at: noticed } = await page.saw("state", "waiting HEARTBEAT_TIMEOUT", woke - 100);
  ensure(noticed - woke < 2 * BRISK.heartbeat.timeout + 1_000, `noticed after ${ms(noticed - woke)}`);
  await page.world.do({ do: "heal" });
  const { at: back } = await page.saw("state", "open", noticed);
  await page.sum();
  return `noticed ${ms(noticed - woke)} after waking; back ${ms(back - noticed)} after that`;
}

export const sleeping: readonly Scenario[] = [
  {
    sentence: "sleep while the server waits: the link is kept, and nothing is lost",
    engines: EVERYWHERE,
    length: "long",
    run: soundSleep,
  },
  {
    sentence: "sleep while the server goes away: back soon after waking",
    engines: EVERYWHERE,
    length: "long",
    run: lostAsleep,
  },
  {
    sentence: "sleep while the link dies without a word: noticed soon after waking",
    engines: EVERYWHERE,
    length: "long",
    run: deadAsleep,
  },
];
