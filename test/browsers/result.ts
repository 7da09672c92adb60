import type { EngineName } from "./browser.ts";

/** What became of one case in one place: it passed with what was `seen`, failed with an `error`, or was `skipped` for a reason. */
export interface Result {
  /** The table that it stands in. */
  readonly group: "cases" | "lifecycle" | "pages" | "examples";
  readonly engine: EngineName;
  readonly sentence: string;
  /** Context and build, where a case runs in several. */
  readonly place?: string;
  readonly seen?: string;
  /** Milliseconds, where the case measured some. */
  readonly figure?: number;
  readonly error?: string;
  readonly skipped?: string;
}

/** One line for whoever watches. */
export function lineOf({ engine, sentence, place, seen, error, skipped }: Result): string {
  const what = `${engine}${place === undefined ? "" : `, ${place}`}: ${sentence}`;
  if (error !== undefined) return `FAILED  ${what}\n        ${error}`;
  if (skipped !== undefined) return `skipped ${what}\n        ${skipped}`;
  return `passed  ${what}${seen === undefined ? "" : ` (${seen})`}`;
}
