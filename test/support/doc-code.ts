import { readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { inRoot } from "../../scripts/entries.ts";
import type { Fence } from "./markdown.ts";

/** Code of the documentation, as one file of a program. */
export interface Snippet {
  /** Where a reader finds it: `docs/guides/rpc.md:12`. */
  readonly where: string;
  readonly code: string;
  /** `d.ts`: it declares names for all the others. */
  readonly kind: "ts" | "d.ts";
  /** Lines before the first one that the reader sees. */
  readonly offset: number;
}

const config = ts.readConfigFile(inRoot("tsconfig.test.json"), (file) => ts.sys.readFile(file));
const own = ts.parseJsonConfigFileContent(config.config, ts.sys, inRoot(""));
const OPTIONS: ts.CompilerOptions = { ...own.options, noUnusedLocals: false, noUnusedParameters: false };

/** What most readers have: `strict`, and none of the checks beside it. Some code passes only with those. */
export const STRICT_ALONE: ts.CompilerOptions = {
  exactOptionalPropertyTypes: false,
  noUncheckedIndexedAccess: false,
  noPropertyAccessFromIndexSignature: false,
  noImplicitOverride: false,
};

/**
 * The code among the fences of one page. Comments before a fence say what comes before its code and is not shown:
 * `preamble: code`, or `continues` for all of the fence before it. With `ambient` it declares names for every page.
 */
export function snippetsOf(fences: readonly Fence[]): Snippet[] {
  let last = "";
  return fences.flatMap(({ file, line, language, code, notes }) => {
    const own = language === "html" ? scriptOf(code) : code;
    if (!["ts", "js", "html"].includes(language) || own === undefined) return [];
    const preamble = notes.has("continues") ? last : notes.get("preamble");
    const before = preamble === undefined ? "" : `${preamble}\n`;
    last = before + own;
    const kind = notes.has("ambient") ? "d.ts" : "ts";
    return { where: `${file}:${String(line)}`, code: last, kind, offset: before.split("\n").length - 1 };
  });
}

/** The module of a page. What it loads from a CDN is what others import by its name. */
function scriptOf(html: string): string | undefined {
  const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(html) ?? [];
  return script?.replace(/"https:\/\/[^"]*\bholdfast\b[^"]*"/, '"holdfast"');
}

/**
 * What the type checker says of each snippet: lines like `docs/a.md:12: error TS2304: Cannot find name 'x'.` `reader`:
 * options of the compiler in place of the repository's own.
 */
export function problemsOf(snippets: readonly Snippet[], reader: ts.CompilerOptions = {}): string[] {
  const options = { ...OPTIONS, ...reader };
  const files = new Map(snippets.map((snippet, index) => [nameOf(snippet, index), snippet]));
  const real = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (file) => files.has(file) || real.fileExists(file),
    readFile: (file) => files.get(file)?.code ?? real.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const snippet = files.get(file);
      return snippet ? ts.createSourceFile(file, snippet.code, language) : real.getSourceFile(file, language, ...rest);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, snippet]) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((diagnostic) => describe(diagnostic, snippet));
  });
}

function nameOf({ where, kind }: Snippet, index: number): string {
  return inRoot(`${where.replace(":", ".")}.${String(index)}.${kind}`);
}

function describe({ file, start = 0, code, messageText }: ts.Diagnostic, { where, offset }: Snippet): string {
  const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) - offset;
  const [path = "", first = "1"] = where.split(/:(?=\d+$)/);
  const message = ts.flattenDiagnosticMessageText(messageText, "\n");
  return `${path}:${String(Number(first) + line)}: error TS${String(code)}: ${message}`;
}

/** Every `@example` of a source file, completed with the imports that a reader would write. */
export function examplesOf(file: string, exports: readonly EntryExports[]): Snippet[] {
  const tree = parse(file);
  const snippets: Snippet[] = [];
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node)) {
      if (!ts.isJSDoc(comment) || seen.has(comment.pos)) continue;
      seen.add(comment.pos);
      const line = tree.getLineAndCharacterOfPosition(comment.pos).line + 1;
      for (const example of examplesIn(comment.getText(tree))) {
        const owner = ts.isPropertySignature(node) && ts.isInterfaceDeclaration(node.parent) ? node.parent : undefined;
        const own = owner ? fragment(example, file, owner.name.text) : example;
        const imports = importsFor(own, exports);
        snippets.push({ where: `${file}:${String(line)}`, code: imports + own, kind: "ts", offset: 0 });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return snippets;
}

/** The example of an option stands for the option in its object. */
function fragment(example: string, file: string, owner: string): string {
  const specifier = `./${posix.relative(posix.dirname(file), file)}`;
  return `import type { ${owner} } from "${specifier}";\nexport const example: Partial<${owner}> = { ${example} };`;
}

function examplesIn(comment: string): string[] {
  const text = comment.replace(/^\/\*\*|\*\/$/g, "").replace(/^[ \t]*\* ?/gm, "");
  return text
    .split(/^\s*@(?=[a-z])/im)
    .filter((part) => part.startsWith("example"))
    .map((part) => part.slice("example".length).trim());
}

/** What an entry of the package exports. */
export interface EntryExports {
  readonly specifier: string;
  readonly names: ReadonlyMap<string, "type" | "value">;
}

/** The exports of the given entries, `{ "holdfast": "src/index.ts" }`. They are written out there, one by one. */
export function exportsOf(entries: Readonly<Record<string, string>>): EntryExports[] {
  return Object.entries(entries).map(([specifier, file]) => {
    const names = parse(file).statements.flatMap((statement) => {
      if (!ts.isExportDeclaration(statement) || !statement.exportClause) return [];
      if (!ts.isNamedExports(statement.exportClause)) throw new Error(`${file}: export * says no names`);
      return statement.exportClause.elements.map(
        ({ name, isTypeOnly }) => [name.text, isTypeOnly || statement.isTypeOnly ? "type" : "value"] as const,
      );
    });
    return { specifier, names: new Map(names) };
  });
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(inRoot(file), "utf8"), ts.ScriptTarget.ES2022, true);
}

function importsFor(code: string, exports: readonly EntryExports[]): string {
  const tree = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    if ((ts.isDeclarationStatement(node) || ts.isVariableDeclaration(node)) && node.name) {
      declared.add(node.name.getText(tree));
    }
    if (ts.isImportSpecifier(node)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  let imports = "";
  for (const { specifier, names } of exports) {
    const own = [...names].filter(([name]) => used.has(name) && !declared.has(name));
    for (const [name] of own) declared.add(name);
    const list = own.map(([name, kind]) => (kind === "type" ? `type ${name}` : name)).join(", ");
    if (list !== "") imports += `import { ${list} } from "${specifier}"; `;
  }
  return imports;
}
