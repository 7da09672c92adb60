import { toTable } from "../../scripts/markdown-table.ts";
import { type Difference, differences } from "./differences.js";
import { isSame } from "./suite.js";

/** What is seen of a platform's difference when holdfast dials with its class. */
type Over = "the same" | "another" | "nothing";

interface Row {
  readonly sources: string;
  readonly reason: string;
  readonly cases: readonly string[];
  readonly over: Over;
}

/** The list of differences for the guide, as Markdown: a table of our own, and what the platforms do. */
export function differencesText(): string {
  const own = rowsOf(differences.filter(({ source }) => isOwn(source)));
  const platforms = rowsOf(differences.filter(({ source }) => !isOwn(source)));
  const list = (rows: readonly Row[]): string =>
    rows.map(({ sources, reason, cases }) => `- **${sources}**: ${reason} (${cases.join("; ")})`).join("\n");
  return [
    toTable([
      ["whose", "why", "cases"],
      ...own.map(({ sources, reason, cases }) => [sources, reason, cases.join("; ")]),
    ]),
    "Of the platforms' own classes, holdfast over them shows these too:",
    list(platforms.filter(({ over }) => over !== "nothing")),
    "And these it does not show, since it does as the standard says:",
    list(platforms.filter(({ over }) => over === "nothing")),
  ].join("\n\n");
}

/** Not a platform, but holdfast and what it is made on. */
function isOwn(source: string): boolean {
  return /holdfast|ws$|EventTarget/.test(source);
}

/** What several do for the same reason is one row, and so are the cases of one reason. */
function rowsOf(all: readonly Difference[]): readonly Row[] {
  const byCase = Map.groupBy(all, (each) => JSON.stringify([each.case, each.reason, overOf(each)]));
  const groups = [...byCase.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ first, sources: group.map(({ source }) => source).join(", ") }] : [];
  });
  const rows = Map.groupBy(groups, ({ first, sources }) => JSON.stringify([sources, first.reason, overOf(first)]));
  return [...rows.values()].flatMap((row) => {
    const [any] = row;
    const cases = row.map(({ first }) => first.case);
    return any ? [{ sources: any.sources, reason: any.first.reason, cases, over: overOf(any.first) }] : [];
  });
}

function overOf({ case: name, actual, over }: Difference): Over {
  if (differences.some(({ source, case: each }) => source === "holdfast" && each === name)) return "another";
  if (over === undefined) return "nothing";
  return isSame(actual, over) ? "the same" : "another";
}
