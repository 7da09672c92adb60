import { type Difference, differences } from "./differences.js";
import type { Kind } from "./subjects.ts";
import { cases, type ConformanceResult, isSame } from "./suite.js";

/** A class on a platform, and whose doing its differences from the standard may be. */
export interface Subject {
  readonly kind: Kind;
  /** Whose differences it shows as they are. */
  readonly sources: readonly string[];
  /** The platform whose class it dials with: what of that class's differences it cannot hide. */
  readonly below?: string;
}

/** A place to run the suite, by the name in differences.js. */
export function subjectsOn(platform: string, kinds: readonly Kind[]): readonly Subject[] {
  const around = [`${platform}'s EventTarget`, ...(/^Node/.test(platform) ? ["Node's EventTarget"] : [])];
  const subject: Readonly<Record<Kind, Subject>> = {
    platform: { kind: "platform", sources: [platform, ...around] },
    ws: { kind: "ws", sources: ["holdfast", `${platform}'s ws`, "ws", ...around] },
    native: { kind: "native", sources: ["holdfast", ...around], below: platform },
  };
  return kinds.map((kind) => subject[kind]);
}

/** What became of one case: as the standard says, as it is listed, or neither. */
export interface Verdict {
  readonly name: string;
  readonly is: "standard" | "listed" | "wrong";
  /** What should have been seen. */
  readonly expected: unknown;
  readonly actual: unknown;
}

/** A difference that is listed must be seen, so that the list does not grow old. */
export function judge(results: readonly ConformanceResult[], subject: Subject): readonly Verdict[] {
  return results.map(({ name, expected: standard, actual }) => {
    const listed = listedFor(name, subject);
    const expected = listed ? listed.seen : standard;
    const is = !isSame(actual, expected) ? "wrong" : listed ? "listed" : "standard";
    return { name, is, expected, actual };
  });
}

/** In the order of who has the last word: what holdfast does by itself hides what is below it. */
function listedFor(name: string, { sources, below }: Subject): { readonly seen: unknown } | undefined {
  const all = differences.filter((each) => each.case === name);
  const own = sources.flatMap((source) => all.find((each) => each.source === source && "actual" in each) ?? [])[0];
  if (own) return { seen: own.actual };
  const inherited = all.find((each) => each.source === below && "over" in each);
  return inherited && { seen: inherited.over };
}

/** Of how many cases two classes make the same. */
export function countSame(one: readonly ConformanceResult[], other: readonly ConformanceResult[]): number {
  return one.filter(({ name, actual }) => isSame(actual, other.find((each) => each.name === name)?.actual)).length;
}

/** Differences of cases that there are not, and such that are none. */
export function wrongDifferences(): readonly Difference[] {
  return differences.filter((difference) => {
    const standard = cases.find(({ name }) => name === difference.case);
    return [difference.actual, difference.over]
      .filter((each) => each !== undefined)
      .some((seen) => !standard || isSame(seen, standard.expected));
  });
}
