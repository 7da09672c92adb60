import { countSame, judge, subjectsOn, type Verdict } from "./judge.ts";
import type { Kind, Results } from "./subjects.ts";

/** What came of one platform. */
export interface Run {
  readonly platform: string;
  readonly version: string;
  readonly results: Results;
}

export const HEAD: readonly string[] = [
  "platform",
  "class",
  "as the standard says",
  "listed differences",
  "the same as the platform's class",
];

const CLASSES: Readonly<Record<Kind, string>> = {
  platform: "its own",
  ws: "holdfast's, over `ws`",
  native: "holdfast's, over its own",
};

/** The verdicts on each class of a platform. */
export function verdictsOf({ platform, results }: Run): ReadonlyMap<Kind, readonly Verdict[]> {
  const kinds = Object.keys(results) as Kind[]; // which it was made of
  return new Map(subjectsOn(platform, kinds).map((each) => [each.kind, judge(results[each.kind] ?? [], each)]));
}

/** A row for each class of a platform. */
export function rowsOf(run: Run): readonly (readonly string[])[] {
  const { platform, version, results } = run;
  return [...verdictsOf(run)].map(([kind, verdicts]) => {
    const total = String(verdicts.length);
    const count = (what: Verdict["is"]): string => String(verdicts.filter(({ is }) => is === what).length);
    const same =
      kind === "platform" ? "" : `${String(countSame(results[kind] ?? [], results.platform ?? []))} of ${total}`;
    return [`${platform} (${version})`, CLASSES[kind], `${count("standard")} of ${total}`, count("listed"), same];
  });
}
