import { BRISK, LivePage, tell } from "../live-page.ts";
import { ensure, EVERYWHERE, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse } from "../wait.ts";

/** A heartbeat that wants to look more often than a hidden page may. */
const HASTY = { ...BRISK, heartbeat: { interval: 400, timeout: 400 } };

/** For so long, which is many heartbeats. */
const HIDDEN = 6_000;

/** How often a timer of 100 ms ticks in so long. */
async function ticksIn(page: LivePage, duration: number): Promise<number> {
  await page.tab.ask("(live.ticks = 0)");
  await elapse(duration);
  return Number(await page.tab.ask("live.ticks"));
}

async function ensureHidden({ tab }: LivePage): Promise<void> {
  const state = await tab.ask("document.visibilityState");
  ensure(state === "hidden", `the page is ${String(state)}`);
}

async function hidden({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site, HASTY, "behind");
  await ensureHidden(page);
  const ticks = await ticksIn(page, HIDDEN);
  ensure(ticks < HIDDEN / 200, `its timers are throttled: ${String(ticks)} ticks in ${ms(HIDDEN)}`);
  ensure((await page.states()).at(-1) === "open", `no false death: ${tell(await page.log())}`);
  ensure(page.world.seen.opened === 1, `one link all the time: ${tell(await page.log())}`);
  const began = Date.now();
  await page.world.do({ do: "blackhole" });
  const { at: noticed } = await page.saw("state", "waiting HEARTBEAT_TIMEOUT");
  await page.world.do({ do: "heal" });
  await page.saw("state", "open", noticed);
  ensure(noticed - began < 6_000, `a dead link was noticed after ${ms(noticed - began)}`);
  return `${((1_000 * ticks) / HIDDEN).toFixed(1)} ticks a second of 10; no false death; a dead link noticed in ${ms(noticed - began)}`;
}

/** The defaults, as most users have them: ask after 15 s of silence, 5 s for the answer. */
const DEFAULTS = { heartbeat: {} };
const LONG = 150_000;

async function throttled({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site, DEFAULTS);
  await page.tab.show?.(false);
  await page.saw("visibilitychange", "hidden");
  const began = Date.now();
  const ticks = await ticksIn(page, LONG);
  ensure(ticks < 100, `its timers run once a minute: ${String(ticks)} ticks in ${ms(LONG)}`);
  const { calls, opened } = page.world.seen;
  ensure(opened === 1 && (await page.states()).at(-1) === "open", `no false death: ${tell(await page.log())}`);
  const pings = calls.filter(({ method, at }) => method === "ping" && at > began).map(({ at }) => at);
  const gaps = [...pings, Date.now()].map((at, index) => at - (pings[index - 1] ?? began));
  ensure(pings.length >= 2 && Math.max(...gaps) < 90_000, `pings ${gaps.map(ms).join(", ")} apart`);
  await page.world.do({ do: "kill" });
  await page.saw("state", "waiting CONNECTION_LOST");
  await page.tab.show?.(true);
  const { at: shown } = await page.saw("visibilitychange", "visible", began);
  const { at: back } = await page.saw("state", "open", shown - 60_000 > began ? began + LONG : shown);
  ensure(back - shown < 1_500, `back ${ms(back - shown)} after it was shown`);
  return `${String(pings.length)} pings in ${ms(LONG)}, at most ${ms(Math.max(...gaps))} apart; no false death`;
}

async function frozen({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site, BRISK);
  await page.tab.show?.(false);
  await page.saw("visibilitychange", "hidden");
  await page.tab.setFrozen?.(true);
  await elapse(3_000);
  await page.tab.setFrozen?.(false);
  await page.saw("freeze", "");
  const { at: resumed } = await page.saw("resume", "");
  const { at: lost } = await page.saw("state", "waiting CONNECTION_LOST", resumed);
  const { at: back } = await page.saw("state", "open", resumed);
  ensure(back - resumed < 2_500, `back after ${ms(back - resumed)}: ${tell(await page.log())}`);
  await page.sum();
  const [close] = page.world.seen.closes;
  return `the browser closes the link (${String(close?.code)}) and says so ${ms(lost - resumed)} after \`resume\`; live again ${ms(back - resumed)} after it, still hidden`;
}

export const visibility: readonly Scenario[] = [
  {
    sentence: "hidden tab, timers once a second: no false death, and a true one is noticed",
    engines: EVERYWHERE,
    length: "quick",
    run: hidden,
  },
  {
    sentence: "tab hidden for long, timers once a minute: no false death, and back as soon as it is shown",
    engines: ["Chromium"],
    elsewhere: "the others do not throttle so hard",
    length: "long",
    launch: { throttling: "soon" },
    run: throttled,
  },
  {
    sentence: "frozen and resumed: live again within moments",
    engines: ["Chromium"],
    elsewhere: "the others do not freeze pages",
    length: "quick",
    run: frozen,
  },
];
