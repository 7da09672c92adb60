import puppeteer, { type Browser as PuppeteerBrowser, type Page } from "puppeteer-core";
import type { Browser, EngineName, Launch, Tab, TabPowers } from "./browser.ts";

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
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

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
    defaultViewport: { width: 1280, height: 860 },
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

  constructor(engine: EngineName, browser: PuppeteerBrowser, version: string) {
    this.engine = engine;
    this.#browser = browser;
    this.version = version.replace(/^[^\d]*/, "");
  }

  get pid(): number {
    const pid = this.#browser.process()?.pid;
    if (pid === undefined) throw new Error("The browser has no process");
    return pid;
  }

  async open(): Promise<Tab & TabPowers> {
    const page = await this.#browser.newPage();
    return this.engine === "Chromium" ? chromiumTab(page) : tabOf(page);
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
    front: () => page.bringToFront(),
    close: () => page.close({ runBeforeUnload: true }),
    setOffline: (offline) => page.setOfflineMode(offline),
  };
}

async function chromiumTab(page: Page): Promise<Tab & TabPowers> {
  const session = await page.createCDPSession();
  await session.send("Page.enable");
  return {
    ...tabOf(page),
    setFrozen: async (frozen) => {
      await session.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
    },
    screenshot: async (file) => {
      // The cast: puppeteer wants the extension in the type, and it is in the name of the file.
      await page.screenshot({ path: file as `${string}.png`, fullPage: true });
    },
  };
}
