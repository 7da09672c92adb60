import { LivePage, tell } from "../live-page.ts";
import { ensure, EVERYWHERE, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse, until } from "../wait.ts";
import type { SeenClose } from "../page/protocol.ts";

const VISIT = 1_000;

async function firstClose({ world }: LivePage): Promise<SeenClose> {
  return until("the server to see the end", () => world.seen.closes[0]);
}

async function ensureRestored({ tab }: LivePage, restored: boolean): Promise<void> {
  const marked = (await tab.ask("globalThis.marked === true")) === true;
  ensure(marked === restored, restored ? "the page came out of the cache" : "the page was loaded anew");
}

/** Away to another site and back, as by a link and the back button. */
async function awayAndBack({ browser, site }: Stage): Promise<{ page: LivePage; code: number }> {
  const page = await LivePage.open(browser, site);
  await page.tab.ask("(globalThis.marked = true)");
  // Somebody looks at the page for a moment. Whoever leaves sooner meets the second that the client keeps between dials.
  await elapse(VISIT);
  await page.tab.goto(site.url("/away.html", "localhost"));
  const { code } = await firstClose(page);
  await page.tab.back();
  await until("the page", async () =>
    (await page.tab.ask("typeof live").catch(() => "")) === "object" ? true : undefined,
  );
  return { page, code };
}

async function bfcache(stage: Stage): Promise<string> {
  const { page, code } = await awayAndBack(stage);
  await ensureRestored(page, true);
  const { at: shown } = await page.saw("pageshow", "true");
  const { at: back } = await page.saw("state", "open", shown);
  ensure(back - shown < 1_000, `live again after ${ms(back - shown)}: ${tell(await page.log())}`);
  await page.sum();
  ensure(code === 1_000, `the server saw ${String(code)}`);
  return `restored; live again ${ms(back - shown)} after \`pageshow\``;
}

/** Firefox keeps no page that has a socket, and closes that before the page hears of anything. */
async function loadedAnew(stage: Stage): Promise<string> {
  const { page, code } = await awayAndBack(stage);
  await ensureRestored(page, false);
  const { at: shown } = await page.saw("pageshow", "false");
  await page.connect({});
  const { at: back } = await page.saw("state", "open", shown);
  ensure(code === 1_001, `the server saw ${String(code)}`);
  return `loaded anew, as Firefox closes the socket itself (1001) before \`pagehide\`; live ${ms(back - shown)} after \`pageshow\``;
}

async function left({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site);
  const began = Date.now();
  await page.tab.goto(site.url("/away.html"));
  const { code, at } = await firstClose(page);
  // Whoever closes first: Firefox itself, with 1001; the client elsewhere.
  const expected = browser.engine === "Firefox" ? 1_001 : 1_000;
  ensure(code === expected, `the server saw ${String(code)}`);
  ensure(page.world.seen.live === 0 && page.world.seen.opened === 1, "nothing is left, and nobody dialled again");
  return `the server sees ${String(code)} after ${ms(at - began)}`;
}

async function tabClosed({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site, undefined, "behind");
  const began = Date.now();
  await page.tab.close();
  const { code, at } = await firstClose(page);
  ensure(code === 1_000, `the server saw ${String(code)}`);
  return `the server sees 1000 after ${ms(at - began)}`;
}

export const history: readonly Scenario[] = [
  {
    sentence: "into the back/forward cache and back: the same page, live again within a second",
    engines: ["Chromium", "WebKitGTK"],
    elsewhere: "Firefox keeps no page that has a live socket",
    length: "quick",
    run: bfcache,
  },
  {
    sentence: "away and back where there is no such cache: a new page, and the old link ended cleanly",
    engines: ["Firefox"],
    elsewhere: "the others restore it",
    length: "quick",
    run: loadedAnew,
  },
  {
    sentence: "navigation away: the server sees a clean close",
    engines: EVERYWHERE,
    length: "quick",
    run: left,
  },
  { sentence: "tab closed: the server sees a clean close", engines: EVERYWHERE, length: "quick", run: tabClosed },
];
