import { BRISK, LivePage, tell } from "../live-page.ts";
import { ensure, EVERYWHERE, many, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse, repeat } from "../wait.ts";

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
/** For so long one of the two servers talks, so that nobody has to ask. */
const TALK = 80_000;

/**
 * A timer that is set in a timer is late by up to a minute; one that is set when a message comes is not. So a client whose
 * server talks, and whose heartbeat only looks at its watch, is hit harder than one that asks and is answered.
 */
async function throttled({ browser, site }: Stage): Promise<string> {
  const quiet = await LivePage.open(browser, site, DEFAULTS);
  const talked = await LivePage.open(browser, site, DEFAULTS, "behind");
  await quiet.saw("visibilitychange", "hidden");
  await ensureHidden(talked);
  const began = Date.now();
  const talk = repeat(1_000, () => talked.world.do({ do: "say", text: '"news"' }));
  void elapse(TALK).then(talk);
  const ticks = await ticksIn(quiet, LONG);
  ensure(ticks < LONG / 1_000 / 2, `its timers run once a minute: ${String(ticks)} ticks in ${ms(LONG)}`);
  for (const page of [quiet, talked]) {
    const opened = page.world.seen.opened === 1 && (await page.states()).at(-1) === "open";
    ensure(opened, `no false death: ${tell(await page.log())}`);
  }
  const pings = longestGap(quiet, began);
  ensure(pings < 90_000, `pings up to ${ms(pings)} apart`);
  const back = await shownAgain(quiet);
  return `${many(ticks, "tick")} of a timer of 100 ms in ${ms(LONG)}; no false death, pings at most ${ms(pings)} apart; live ${ms(back)} after it is shown, if the link was lost meanwhile`;
}

/** The longest time in which the server was not asked. */
function longestGap({ world }: LivePage, began: number): number {
  const pings = world.seen.calls.filter(({ method, at }) => method === "ping" && at > began).map(({ at }) => at);
  return Math.max(...[...pings, Date.now()].map((at, index) => at - (pings[index - 1] ?? began)));
}

/** The link is lost while nobody looks. Answers how long it takes, once somebody does. */
async function shownAgain(page: LivePage): Promise<number> {
  await page.world.do({ do: "stop" });
  await page.saw("state", "waiting CONNECTION_LOST");
  const began = Date.now();
  await page.world.do({ do: "restart" });
  await page.tab.show?.(true);
  const { at: shown } = await page.saw("visibilitychange", "visible", began);
  const { at: back } = await page.saw("state", "open", began);
  ensure(back - shown < 1_500, `back ${ms(back - shown)} after it was shown`);
  return back - shown;
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
