import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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
export function setUp(engines: readonly Engine[], say: (line: string) => void): ReadonlyMap<EngineName, string> {
  const missing = engines.filter(({ installed }) => !installed());
  const obstacle = missing.length > 0 ? whyNotInstall() : undefined;
  if (missing.length > 0 && obstacle === undefined) {
    const packages = missing.flatMap((engine) => engine.packages);
    say(`installing ${packages.join(" ")}`);
    aptGet(["update", "-qq"]);
    for (const engine of missing) aptGet(["install", "-y", "-qq", "--no-install-recommends", ...engine.packages]);
  }
  return new Map(
    missing
      .filter(({ installed }) => !installed())
      .map(({ name, packages }) => [name, obstacle ?? `apt-get could not install ${packages.join(" ")}`]),
  );
}

function whyNotInstall(): string | undefined {
  if (!has("apt-get")) return "it is not installed, and this is no Debian on which it could be";
  if (process.getuid?.() !== 0) return "it is not installed, and only root can do that";
  return undefined;
}

/** Whether it worked is seen by what is there afterwards. */
function aptGet(args: readonly string[]): void {
  spawnSync("apt-get", args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
