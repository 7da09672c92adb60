/** A fenced block, or a table, with the HTML comments that stand before it: `<!-- name: content -->`. */
export interface Fence {
  readonly file: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly notes: ReadonlyMap<string, string>;
}

export interface Table {
  readonly file: string;
  readonly line: number;
  /** The cells, without the backticks of a cell that is nothing but code. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: ReadonlyMap<string, string>;
}

export interface Link {
  readonly line: number;
  readonly target: string;
}

/** A Markdown file, as far as the tests read it. */
export interface Page {
  readonly file: string;
  readonly fences: readonly Fence[];
  readonly tables: readonly Table[];
  readonly links: readonly Link[];
  /** What `#...` may name: each heading, as GitHub writes it. */
  readonly anchors: ReadonlySet<string>;
}

const NOTE = /^<!--\s*([\w-]+)(?::\s*([\s\S]*?))?\s*-->$/;
const RULE = /^\|[\s:|-]+\|$/;

/** Reads a page from its lines. `file` is only carried along. */
export function readPage(file: string, text: string): Page {
  const lines = text.split("\n");
  const fences: Fence[] = [];
  const tables: Table[] = [];
  const links: Link[] = [];
  const anchors = new Set<string>();
  let notes = new Map<string, string>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const trimmed = line.trim();
    if (trimmed === "") continue;
    if (trimmed.startsWith("<!--")) {
      const end = lines.findIndex((each, index) => index >= at && each.trimEnd().endsWith("-->"));
      const [, name, content = ""] =
        NOTE.exec(
          lines
            .slice(at, end + 1)
            .join("\n")
            .trim(),
        ) ?? [];
      if (name !== undefined) notes.set(name, content);
      at = end;
      continue;
    }
    const fence = /^(\s*)(```+)(\w*)/.exec(line);
    if (fence) {
      const [, indent = "", ticks = "", language = ""] = fence;
      const end = lines.findIndex((each, index) => index > at && each.trim() === ticks);
      if (end === -1) throw new Error(`${file}:${String(at + 1)}: a fence without an end`);
      const code = lines.slice(at + 1, end).map((each) => each.slice(indent.length));
      fences.push({ file, line: at + 2, language, code: code.join("\n"), notes });
      at = end;
    } else if (trimmed.startsWith("|")) {
      const length = lines.slice(at).findIndex((each) => !each.trim().startsWith("|"));
      const own = lines.slice(at, length === -1 ? undefined : at + length);
      tables.push({ file, line: at + 1, rows: own.filter((row) => !RULE.test(row.trim())).map(cellsOf), notes });
      own.forEach((row, index) => links.push(...linksOf(row, at + index + 1)));
      at += own.length - 1;
    } else {
      const [, heading] = /^#+\s+(.*)$/.exec(line) ?? [];
      if (heading !== undefined) anchors.add(anchorOf(heading));
      links.push(...linksOf(line, at + 1));
    }
    notes = new Map();
  }
  return { file, fences, tables, links, anchors };
}

/** The cells of a row. A `\|` is no border. */
function cellsOf(row: string): string[] {
  const cells = row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/);
  return cells.map((cell) =>
    cell
      .trim()
      .replaceAll("\\|", "|")
      .replace(/^`([^`]*)`$/, "$1"),
  );
}

/** `[text](target)`, `![text](target)` and `[name]: target`, outside of code. */
function linksOf(line: string, number: number): Link[] {
  const prose = line.replace(/`[^`]*`/g, "");
  const inline = [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)];
  const reference = [...prose.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/g)];
  return [...inline, ...reference].map(([, target = ""]) => ({ line: number, target }));
}

function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}
