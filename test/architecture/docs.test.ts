import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { entries, inRoot } from "../../scripts/entries.ts";
import { examplesOf, exportsOf, problemsOf, type Snippet, snippetsOf, STRICT_ALONE } from "../support/doc-code.ts";
import { type Page, readPage } from "../support/markdown.ts";

/** `{ "holdfast": "src/index.ts", "holdfast/rpc": "src/rpc.ts", … }` */
const specifiers = Object.fromEntries(
  Object.entries(entries).map(([name, file]) => [name === "index" ? "holdfast" : `holdfast/${name}`, file]),
);

const pages = [".", "docs", "examples"].flatMap((folder) =>
  readdirSync(inRoot(folder), { recursive: folder !== ".", encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => readPage(posix.join(folder, file), readFileSync(inRoot(posix.join(folder, file)), "utf8"))),
);
const fences = pages.flatMap((page) => page.fences);
const sources = readdirSync(inRoot("src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/${file}`);

describe("the code in the documentation", () => {
  const snippets = pages.flatMap((page) => snippetsOf(page.fences));
  const exports = exportsOf(specifiers);
  const examples = sources.flatMap((file) => examplesOf(file, exports));
  const broken: Snippet = { where: "a.md:7", code: "\nclient.sendd();", kind: "ts", offset: 0 };
  const problems = problemsOf([...snippets, ...examples, broken]);
  const problemsOfReaders = problemsOf(snippets, STRICT_ALONE);

  test("is found", () => {
    expect(snippets.length).toBeGreaterThan(40);
    expect(examples.length).toBeGreaterThan(5);
    expect(snippets.map(({ where }) => where)).toContainEqual(expect.stringMatching(/^README\.md:/));
  });

  test("is type-checked: a wrong call is seen, on its line", () => {
    expect(problems.filter((problem) => problem.startsWith("a.md:"))).toEqual([
      expect.stringMatching(/^a\.md:8: error TS2551: Property 'sendd' does not exist/),
    ]);
  });

  test("has no type error", () => {
    expect(problems.filter((problem) => !problem.startsWith("a.md:"))).toEqual([]);
  });

  test("has none for a reader whose compiler is told `strict` and nothing else", () => {
    expect(problemsOfReaders).toEqual([]);
  });

  test("says in which language it is", () => {
    const known = ["ts", "js", "html", "sh", "json", "text", "mermaid"];
    expect(
      fences.filter(({ language }) => !known.includes(language)).map(({ file, line }) => `${file}:${line}`),
    ).toEqual([]);
  });

  const copies = fences.filter(({ notes }) => notes.has("from"));
  test("there are blocks that are parts of a file", () => {
    expect(copies).not.toEqual([]);
  });

  test.each(copies.map((fence) => [`${fence.file}:${fence.line}`, fence] as const))(
    "%s is a part of the file that runs",
    (_where, { code, notes }) => {
      const file = readFileSync(inRoot(notes.get("from") ?? ""), "utf8");
      expect(withoutIndent(file)).toContain(withoutIndent(code));
    },
  );
});

function withoutIndent(code: string): string {
  return code.replace(/^[ \t]+/gm, "");
}

/** The links of `page` that lead nowhere. `exists` and `anchors` stand for the other files. */
function brokenLinks(page: Page, exists: (file: string) => boolean, anchors: (file: string) => ReadonlySet<string>) {
  return page.links
    .filter(({ target }) => !/^(https?|mailto):/.test(target))
    .filter(({ target }) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page.file : posix.join(posix.dirname(page.file), path);
      return !exists(file) || (anchor !== undefined && !anchors(file).has(anchor));
    })
    .map(({ target, line }) => `${page.file}:${line}: ${target}`);
}

describe("the links in the documentation", () => {
  const anchors = (file: string): ReadonlySet<string> => pages.find((page) => page.file === file)?.anchors ?? new Set();

  test.each(pages.map((page) => [page.file, page] as const))("%s leads somewhere", (_file, page) => {
    expect(brokenLinks(page, (file) => existsSync(inRoot(file)), anchors)).toEqual([]);
  });

  test("a broken one is seen", () => {
    const text = ["# A Title", "[a](#a-title) [b](b.md) [c](#c) `[d](d.md)` [e](https://e.test)", "", "[f]: ../f.md"];
    const page = readPage("docs/a.md", text.join("\n"));
    expect(
      brokenLinks(
        page,
        (file) => file === "docs/a.md",
        () => page.anchors,
      ),
    ).toEqual(["docs/a.md:2: b.md", "docs/a.md:2: #c", "docs/a.md:4: ../f.md"]);
  });

  test("every page under docs/ is listed in docs/README.md", () => {
    const index = pages.find(({ file }) => file === "docs/README.md");
    const listed = index?.links.map(({ target }) => posix.join("docs", target.split("#")[0] ?? ""));
    const missing = pages.filter(({ file }) => file.startsWith("docs/") && file !== "docs/README.md");
    expect(missing.map(({ file }) => file).filter((file) => listed?.includes(file) !== true)).toEqual([]);
  });

  test.each(sources)("%s names no page that there is not", (file) => {
    const named = [...readFileSync(inRoot(file), "utf8").matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([name]) => name);
    expect(named.filter((name) => !existsSync(inRoot(name)))).toEqual([]);
  });
});
