/**
 * A table of Markdown, as prettier would have it. The first row is its head. The columns hold text; or but for the first one
 * numbers, which are aligned to the right.
 */
export function toTable(rows: readonly (readonly string[])[], columns: "text" | "numbers" = "text"): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")));
  const [head = [], ...body] = cells;
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => columns === "numbers" && column > 0;
  const line = (row: readonly string[]): string => {
    const padded = widths.map((width, at) => (isNumber(at) ? row[at]?.padStart(width) : (row[at] ?? "").padEnd(width)));
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, at) => (isNumber(at) ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(head), line(rule), ...body.map(line)].join("\n");
}
