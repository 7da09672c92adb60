import puppeteer, { type Browser as PuppeteerBrowser, type Page } from "puppeteer-core";
import type { Browser, EngineName, Launch, Tab, TabPowers } from "./browser.ts";
import { processTree } from "./processes.ts";

/** Drivers start a browser with these, and so switch off what the lifecycle cases are about. */
const MADE_FOR_TESTS = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-back-forward-cache",
];

/** Nothing leaves the machine but what the cases do. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage", // a container may have next to no shared memory
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

const VIEWPORT = { width: 1280, height: 860 };

const QUIET_FIREFOX = {
  "app.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
};

export const launchChromium: Launch = async ({ throttling } = {}) => {
  const isRoot = process.getuid?.() === 0;
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    ignoreDefaultArgs: MADE_FOR_TESTS,
    args: [
      ...QUIET,
      ...(isRoot ? ["--no-sandbox"] : []),
      ...(throttling ? ["--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10"] : []),
    ],
    defaultViewport: VIEWPORT,
  });
  return new Puppeteer("Chromium", browser, await browser.version());
};

/** By WebDriver BiDi. */
export const launchFirefox: Launch = async () => {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: QUIET_FIREFOX,
  });
  return new Puppeteer("Firefox", browser, await browser.version());
};

class Puppeteer implements Browser {
  readonly engine: EngineName;
  readonly version: string;
  readonly #browser: PuppeteerBrowser;
  /** What is in front of the tabs that are not. */
  #other: Page | undefined;

  constructor(engine: EngineName, browser: PuppeteerBrowser, version: string) {
    this.engine = engine;
    this.#browser = browser;
    this.version = version.replace(/^[^\d]*/, "");
  }

  processes(): readonly number[] {
    const pid = this.#browser.process()?.pid;
    return pid === undefined ? [] : processTree(pid);
  }

  async open(place: "front" | "behind" = "front"): Promise<Tab & TabPowers> {
    const page = await this.#browser.newPage();
    const tab = { ...tabOf(page), show: (visible: boolean) => this.#show(page, visible) };
    await tab.show(place === "front");
    return this.engine === "Chromium" ? { ...tab, ...(await chromiumPowers(page)) } : tab;
  }

  async #show(page: Page, visible: boolean): Promise<void> {
    if (visible) await page.bringToFront();
    else await (this.#other ??= await this.#browser.newPage()).bringToFront();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

function tabOf(page: Page): Tab & TabPowers {
  return {
    goto: async (url) => {
      await page.goto(url);
    },
    // Not page.goBack(): a page out of the cache does not load, and puppeteer would wait for that.
    back: async () => {
      await page.evaluate("setTimeout(() => history.back(), 0)");
    },
    ask: (expression) => page.evaluate(expression),
    resize: (width) => page.setViewport({ ...VIEWPORT, width }),
    screenshot: () => page.screenshot({ fullPage: true }),
    close: () => page.close({ runBeforeUnload: true }),
    setOffline: (offline) => page.setOfflineMode(offline),
  };
}

async function chromiumPowers(page: Page): Promise<TabPowers> {
  const session = await page.createCDPSession();
  await session.send("Page.enable");
  return {
    setFrozen: async (frozen) => {
      await session.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
    },
    setScheme: (scheme) => page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]),
  };
}
