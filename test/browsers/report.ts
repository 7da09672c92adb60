import { toTable } from "../../scripts/markdown-table.ts";
import type { EngineName } from "./browser.ts";
import type { Result } from "./result.ts";

const TITLES: Readonly<Record<Result["group"], readonly [title: string, text: string]>> = {
  cases: [
    "The same cases in every context",
    "Each runs in a page, a dedicated worker, a shared worker and a service worker, on `dist/cdn/holdfast.js` and on the ES modules. The figure is what a case measures: the median of all contexts.",
  ],
  lifecycle: [
    "The life of a page",
    "Heartbeats of these cases ask after 1 s of silence and wait 1 s for the answer, but for those that say otherwise.",
  ],
  pages: ["Pages", "Guarded by headers, without a bundler, and under React's StrictMode."],
  examples: [
    "The examples",
    "Their pages, driven as a user would: every button is pressed. Each run leaves pictures of them in `test-results/`.",
  ],
};

/** The engines that ran, with their versions. */
export type Versions = ReadonlyMap<EngineName, string>;

/** The results as Markdown tables: a row for each sentence, a column for each engine. */
export function tablesOf(results: readonly Result[], versions: Versions): string {
  const engines = [...versions.keys()];
  const sections = (Object.keys(TITLES) as Result["group"][]).map((group) => {
    const rows = Map.groupBy(
      results.filter((result) => result.group === group),
      ({ sentence }) => sentence,
    );
    const [title, text] = TITLES[group];
    const lines = [["", ...engines.map((engine) => `${engine} ${versions.get(engine) ?? ""}`)]];
    for (const [sentence, all] of rows) {
      const cells = engines.map((engine) => cellOf(all.filter((result) => result.engine === engine)));
      if (cells.some((cell) => cell !== NOT_RUN)) lines.push([sentence, ...cells]);
    }
    if (lines.length === 1) return "";
    return [`### ${title}`, text, toTable(lines)].join("\n\n");
  });
  return sections.filter(Boolean).join("\n\n");
}

const NOT_RUN = "–";

function cellOf(results: readonly Result[]): string {
  const passed = results.filter(({ seen }) => seen !== undefined);
  const failed = results.filter(({ error }) => error !== undefined);
  if (failed.length > 0)
    return `**failed**${results.length > 1 ? ` in ${String(failed.length)} of ${String(results.length)}` : ""}`;
  if (passed.length === 0) return NOT_RUN;
  if (passed[0]?.place === undefined) return passed[0]?.seen ?? "";
  const figures = passed.flatMap(({ figure }) => figure ?? []).toSorted((a, b) => a - b);
  const median = figures[Math.floor(figures.length / 2)];
  return `${String(passed.length)} of ${String(passed.length)}${median === undefined ? "" : `, ${median.toFixed(0)} ms`}`;
}

/** Why something did not run, each reason once. */
export function skipsOf(results: readonly Result[]): readonly string[] {
  return results.flatMap(({ engine, sentence, skipped }) =>
    skipped === undefined ? [] : [`${engine}: ${sentence}: ${skipped}`],
  );
}
