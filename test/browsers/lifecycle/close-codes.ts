import { LivePage } from "../live-page.ts";
import { ensure, EVERYWHERE, type Scenario, type Stage } from "../scenario.ts";

const SENT = [1000, 1001, 1011, 1012, 1013, 1014, 3000, 4000];
/** libsoup, under WebKitGTK, knows no code between 1011 and 3000, and ends the link as after an error of the protocol. */
const UNKNOWN_TO_LIBSOUP = [1012, 1013, 1014];

/** What the page hears of each code that a server closes with. */
async function heard({ browser, site }: Stage): Promise<string> {
  const told: [sent: number, heard: number][] = [];
  for (const code of SENT) {
    const page = await LivePage.open(browser, site);
    await page.world.do({ do: "close", code, reason: "" });
    await page.saw("state", "waiting CONNECTION_LOST");
    told.push([code, Number(await page.tab.ask("live.closeCodes[0]"))]);
  }
  const changed = told.filter(([sent, got]) => sent !== got);
  const expected = browser.engine === "WebKitGTK" ? UNKNOWN_TO_LIBSOUP.map((code) => [code, 1006]) : [];
  ensure(JSON.stringify(changed) === JSON.stringify(expected), `heard instead: ${JSON.stringify(changed)}`);
  if (changed.length === 0) return `${SENT.join(", ")}: as sent`;
  return `${changed.map(([sent]) => sent).join(", ")} arrive as 1006, the others as sent`;
}

export const closeCodes: readonly Scenario[] = [
  { sentence: "the close codes of a server arrive", engines: EVERYWHERE, length: "quick", run: heard },
];
