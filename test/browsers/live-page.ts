import type { Browser, Tab, TabPowers } from "./browser.ts";
import type { Happening } from "./page/live.ts";
import type { ClientOptions } from "../../src/client/options.ts";
import type { Site } from "./site.ts";
import { until } from "./wait.ts";
import type { World } from "./world.ts";

/** Heartbeats and waits short enough for a case, and long enough for a busy machine. */
export const BRISK = {
  connectTimeout: 2_000,
  heartbeat: { interval: 1_000, timeout: 1_000 },
  backoff: { min: 50, base: 300, max: 2_000 },
} as const satisfies Partial<ClientOptions>;

/** A page with one client, in a tab, and the world that the client talks to. */
export class LivePage {
  readonly tab: Tab & TabPowers;
  readonly world: World;

  private constructor(tab: Tab & TabPowers, world: World) {
    this.tab = tab;
    this.world = world;
  }

  /** A tab whose client is open. */
  static async open(
    browser: Browser,
    site: Site,
    options: Omit<ClientOptions, "url"> = BRISK,
    place: "front" | "behind" = "front",
  ): Promise<LivePage> {
    const page = await LivePage.load(browser, site, place);
    await page.connect(options);
    return page;
  }

  /** A tab whose client does not exist yet. */
  static async load(browser: Browser, site: Site, place: "front" | "behind" = "front"): Promise<LivePage> {
    const { world } = await site.world();
    const tab = await browser.open(place);
    await tab.goto(site.url("/live/cdn"));
    await until("the page", async () => ((await tab.ask("typeof live")) === "object" ? true : undefined));
    return new LivePage(tab, world);
  }

  async connect(options: Omit<ClientOptions, "url">): Promise<void> {
    await this.tab.ask(`live.connect(${JSON.stringify(this.world.url)}, ${JSON.stringify(options)})`);
    await this.saw("state", "open");
  }

  async log(): Promise<readonly Happening[]> {
    return (await this.tab.ask("live.log")) as readonly Happening[]; // see page/live.ts
  }

  /** Waits for the first such happening that is not before `since`. `detail` has to begin so. */
  async saw(what: string, detail: string, since = 0, patience?: number): Promise<Happening> {
    let last: readonly Happening[] = [];
    const look = async (): Promise<Happening | undefined> => {
      last = await this.log();
      return last.find((each) => each.what === what && each.at >= since && each.detail.startsWith(detail));
    };
    try {
      return await until(`"${what} ${detail}"`, look, patience);
    } catch (error) {
      throw new Error(`${String(error)}; saw ${tell(last)}`, { cause: error });
    }
  }

  /** The states since then. */
  async states(since = 0): Promise<readonly string[]> {
    const log = await this.log();
    return log.filter(({ what, at }) => what === "state" && at >= since).map(({ detail }) => detail);
  }

  /** What `send` answers. */
  async send(text: string): Promise<unknown> {
    return this.tab.ask(`live.client.send(${JSON.stringify(text)})`);
  }

  /** A round trip through the application. */
  async sum(): Promise<void> {
    const answer = await this.tab.ask('live.client.request("sum", { a: 1, b: 2 })');
    if (answer !== 3) throw new Error(`1 + 2 = ${String(answer)}`);
  }
}

/** What happened, on one line, with the times since the first. */
export function tell(log: readonly Happening[]): string {
  const [first] = log;
  return log
    .filter(({ what }) => what !== "ping")
    .map(({ at, what, detail }) => `${String(at - (first?.at ?? 0))} ${what} ${detail}`)
    .join(", ");
}
