import type { Results } from "./rounds.ts";

/** The measures that are drawn, a panel each. */
const PANELS = ["inbound", "burst", "pipelined"];
const TITLES: Readonly<Record<string, string>> = {
  inbound: "inbound",
  burst: "outbound burst",
  pipelined: "requests, 100 in flight",
};
const ROW = 20;
const TOP = 48;
const NAMES = 170;
const PANEL = 190;
const GAP = 24;
/** The middle of each panel is bare `ws`; a bar at its edge is so many times as fast. */
const MOST = 4;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function bar(ratio: number, x: number, y: number, own: boolean): string {
  const width = (Math.min(ratio, MOST) / MOST) * PANEL;
  const fill = own ? "#2563eb" : "#94a3b8";
  const label = `<text x="${(x + width + 4).toFixed(1)}" y="${y + 11}" class="value">${ratio.toFixed(2)}</text>`;
  return `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="14" rx="2" fill="${fill}"/>${label}`;
}

function panel(title: string, results: Results, names: readonly string[], x: number): string {
  const one = x + PANEL / MOST;
  const bars = names.map((name, row) => {
    const ratio = Object.values(results.get(name)?.ratios ?? {})[0]?.median;
    return ratio === undefined ? "" : bar(ratio, x, TOP + row * ROW, name.startsWith("holdfast"));
  });
  const bottom = TOP + names.length * ROW;
  const line = `<line x1="${one}" y1="${TOP - 6}" x2="${one}" y2="${bottom}" stroke="#dc2626" stroke-dasharray="3 3"/>`;
  return `<text x="${x}" y="24" class="title">${escape(title)}</text>${bars.join("")}${line}`;
}

/** A picture of the medians: how many times as fast as bare `ws`, which is the dashed line. */
export function plot(all: ReadonlyMap<string, Results>): string {
  const panels = PANELS.flatMap((name) => {
    const results = all.get(name);
    return results ? [{ title: TITLES[name] ?? name, results }] : [];
  });
  const names = [...new Set(panels.flatMap(({ results }) => [...results.keys()]))].slice(1);
  const width = NAMES + panels.length * (PANEL + GAP) + 20;
  const height = TOP + names.length * ROW + 16;
  const labels = names.map(
    (name, row) => `<text x="${NAMES - 8}" y="${TOP + row * ROW + 11}" class="name">${escape(name)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Speed relative to bare ws">`,
    "<style>text{font:12px system-ui,sans-serif;fill:#334155}.title{font-weight:600}.name{text-anchor:end}.value{font-size:10px}</style>",
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...labels,
    ...panels.map(({ title, results }, at) => panel(title, results, names, NAMES + at * (PANEL + GAP))),
    "</svg>\n",
  ].join("\n");
}
