import { existsSync } from "node:fs";
import { installDebian } from "../../scripts/debian.ts";
import type { EngineName, Launch } from "./browser.ts";
import { launchChromium, launchFirefox } from "./puppeteer.ts";
import { findMiniBrowser, launchWebKit } from "./webkit.ts";

/** An engine, and how it comes onto a machine. */
export interface Engine {
  readonly name: EngineName;
  /** What `--only` calls it. */
  readonly key: string;
  readonly packages: readonly string[];
  readonly installed: () => boolean;
  readonly launch: Launch;
}

const has = (file: string): boolean => existsSync(`/usr/bin/${file}`);

export const ENGINES: readonly Engine[] = [
  {
    name: "Chromium",
    key: "chromium",
    // A machine without any font shows boxes on the pictures of the demo.
    packages: ["chromium", "fonts-dejavu-core"],
    installed: () => has("chromium"),
    launch: launchChromium,
  },
  {
    name: "Firefox",
    key: "firefox",
    packages: ["firefox-esr"],
    installed: () => has("firefox-esr"),
    launch: launchFirefox,
  },
  {
    name: "WebKitGTK",
    key: "webkit",
    packages: ["webkit2gtk-driver", "xvfb"],
    installed: () => has("WebKitWebDriver") && has("Xvfb") && findMiniBrowser() !== undefined,
    launch: launchWebKit,
  },
];

/** Installs what is missing, where that is possible. Answers why an engine cannot run here, by its name. */
export async function setUp(engines: readonly Engine[]): Promise<ReadonlyMap<EngineName, string>> {
  const obstacles = new Map<EngineName, string>();
  for (const { name, packages, installed } of engines) {
    if (installed()) continue;
    const obstacle = await installDebian(packages);
    if (!installed()) obstacles.set(name, obstacle ?? `${packages.join(", ")} did not bring it`);
  }
  return obstacles;
}
