import type { Browser, EngineName, LaunchOptions } from "./browser.ts";
import type { Site } from "./site.ts";

/** What a scenario plays with. The browser may have been used by others, its tabs not. */
export interface Stage {
  readonly browser: Browser;
  readonly site: Site;
}

/** Something that is done to a whole page or browser from outside, and what the client makes of it. */
export interface Scenario {
  /** A sentence about behaviour. */
  readonly sentence: string;
  readonly engines: readonly EngineName[];
  /** Why not in the others. */
  readonly elsewhere?: string;
  /** Long ones are left out of a quick run. */
  readonly length: "quick" | "long";
  /** A browser of its own is launched for a scenario that has these. */
  readonly launch?: LaunchOptions;
  /** Debian packages without which it is skipped. */
  readonly needs?: readonly string[];
  /** Answers what was seen, with its figures. Throws if it is not as the sentence says. */
  readonly run: (stage: Stage) => Promise<string>;
}

/** What of the suite is run. */
export interface Selection {
  /** Without what takes long. */
  readonly quick: boolean;
  /** Only sentences with this in them. */
  readonly filter: string;
}

export const EVERYWHERE: readonly EngineName[] = ["Chromium", "Firefox", "WebKitGTK"];

/** Throws unless it is true. */
export function ensure(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** A duration for a reader. One that was measured between two processes may be a little less than nothing. */
export function ms(duration: number): string {
  return duration < 1_000 ? `${Math.max(0, duration).toFixed(0)} ms` : `${(duration / 1_000).toFixed(1)} s`;
}

/** "1 dial", "2 dials". */
export function many(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}
