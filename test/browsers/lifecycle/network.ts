import { BRISK, LivePage, tell } from "../live-page.ts";
import { ensure, ms, type Scenario, type Stage } from "../scenario.ts";
import { elapse, until } from "../wait.ts";

async function setOffline({ tab }: LivePage, offline: boolean): Promise<void> {
  if (!tab.setOffline) throw new Error("this driver cannot do that");
  await tab.setOffline(offline);
}

/** Asked at once when the network goes, a dead link has so long to look alive. */
const PATIENT = { ...BRISK, heartbeat: { interval: 1_000, timeout: 3_000 } };

/** Chromium takes the network from a live socket as well: it stays open and nothing passes, either way. */
async function stalledOffline({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site, PATIENT);
  await setOffline(page, true);
  const { at: left } = await page.saw("offline", "");
  ensure((await page.send("into the void")) === "written", "the link looks alive at first");
  const { at: noticed } = await page.saw("state", "offline HEARTBEAT_TIMEOUT");
  // What was on its way may still arrive, and then the silence begins anew.
  const { interval, timeout } = PATIENT.heartbeat;
  ensure(noticed - left < interval + timeout + 1_000, `noticed after ${ms(noticed - left)}`);
  ensure((await page.send("kept")) === "queued", "what is sent now is queued");
  await page.saw("state", "offline DIAL_FAILED"); // it tries all the same
  await setOffline(page, false);
  const { at: returned } = await page.saw("online", "");
  const { at: back } = await page.saw("state", "open", returned);
  ensure(back - returned < 1_500, `back after ${ms(back - returned)}`);
  await page.saw("message", "kept", back);
  await page.saw("unconfirmed", "");
  const texts = page.world.seen.messages.map(({ text }) => text);
  ensure(texts.filter((text) => text === '"kept"').length === 1, `the server got ${texts.join(", ")}`);
  return `noticed in ${ms(noticed - left)}, with ${ms(timeout)} for the answer; back ${ms(back - returned)} after \`online\``;
}

async function shortlyOffline({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site, { ...BRISK, heartbeat: { interval: 5_000, timeout: 5_000 } });
  await setOffline(page, true);
  await page.saw("offline", "");
  await page.send("held up");
  await setOffline(page, false);
  await page.saw("online", "");
  await page.saw("message", "held up");
  await page.sum();
  ensure(page.world.seen.opened === 1, "the link that was stalled for a moment is kept");
  return "the same link goes on";
}

/** In Firefox a live socket goes on: `offline` says something about new ones only. */
async function workingOffline({ browser, site }: Stage): Promise<string> {
  const page = await LivePage.open(browser, site);
  await setOffline(page, true);
  const { at: left } = await page.saw("offline", "");
  await elapse(2 * (BRISK.heartbeat.interval + BRISK.heartbeat.timeout));
  await page.sum();
  ensure((await page.states(left)).length === 0, `it should have stayed open: ${tell(await page.log())}`);
  await setOffline(page, false);
  await page.saw("online", "");
  await page.sum();
  ensure(page.world.seen.opened === 1, "one link all the time");
  return "the link works on while `navigator.onLine` is false";
}

async function lostOffline({ browser, site }: Stage): Promise<string> {
  // Without a heartbeat: on a busy machine it may notice the silence before anybody has killed the link.
  const options = { ...BRISK, heartbeat: "off", backoff: { min: 50, base: 500, factor: 60 } } as const;
  const page = await LivePage.open(browser, site, options);
  await setOffline(page, true);
  await page.saw("offline", "");
  await page.world.do({ do: "kill" });
  await page.saw("state", "offline CONNECTION_LOST");
  await page.saw("state", "offline DIAL_FAILED"); // Firefox refuses to dial while it is offline
  await setOffline(page, false);
  const { at: returned } = await page.saw("online", "");
  const { at: back } = await page.saw("state", "open", returned);
  ensure(back - returned < 3_500, `back after ${ms(back - returned)}`);
  await until("the server to see it", () => (page.world.seen.opened === 2 ? true : undefined));
  return `back ${ms(back - returned)} after \`online\``;
}

const NO_WEBKIT = "WebDriver has no command for it in WebKitGTK";

export const network: readonly Scenario[] = [
  {
    sentence: "offline stalls the live link: the client notices, queues, and is back with the network",
    engines: ["Chromium"],
    elsewhere: `Firefox leaves a live link alone; ${NO_WEBKIT}`,
    length: "quick",
    run: stalledOffline,
  },
  {
    sentence: "offline for a moment: the link is kept",
    engines: ["Chromium"],
    elsewhere: `Firefox leaves a live link alone; ${NO_WEBKIT}`,
    length: "quick",
    run: shortlyOffline,
  },
  {
    sentence: "offline leaves the live link working: so does the client",
    engines: ["Firefox"],
    elsewhere: `Chromium stalls a live link; ${NO_WEBKIT}`,
    length: "quick",
    run: workingOffline,
  },
  {
    sentence: "the link is lost while offline: back with the network, and not at the end of a long wait",
    engines: ["Chromium", "Firefox"],
    elsewhere: NO_WEBKIT,
    length: "quick",
    run: lostOffline,
  },
];
