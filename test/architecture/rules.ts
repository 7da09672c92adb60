import { posix } from "node:path";
import ts from "typescript";

/** A broken rule: which one, where, and what was found there. */
export interface Violation {
  readonly rule: Rule;
  readonly file: string;
  readonly line: number;
  readonly found: string;
}

export type Rule =
  "floors" | "dependency" | "clock" | "random" | "page" | "socket" | "console" | "default-export" | "export-star";

const F1 = ["transport", "codec", "heartbeat", "outbox", "rpc", "subscriptions", "session"];
const LOWER = ["core", ...F1, "connection"];

/** For each folder of src/, the other folders that it may import. "types" allows `import type` alone. */
const FLOORS: Readonly<Record<string, Readonly<Record<string, "all" | "types">>>> = {
  core: {},
  ...Object.fromEntries(F1.map((part) => [part, allow(["core"])])),
  connection: allow(["core", "transport"]),
  client: allow(LOWER),
  websocket: allow(LOWER),
  testing: { core: "all", transport: "types" },
  server: allow(["core", "transport", "codec", "rpc", "session"]),
  react: { client: "types" },
};

/** Packages, and the only places that may import them. */
const DEPENDENCIES: readonly (readonly [package_: RegExp, places: RegExp])[] = [
  [/^eventemitter3$/, /^core\/emitter\.ts$/],
  [/^isomorphic-ws$/, /^transport\/platform-node\.ts$/],
  [/^ws$/, /^(transport\/platform-node\.ts|server\/.*)$/],
  [/^node:/, /^(transport\/platform-node\.ts|server\/.*)$/],
  [/^react$/, /^react(\.ts|\/.*)$/],
];

/** Names of the world outside, and the only places that may say them. */
const AMBIENT: Readonly<Record<string, readonly [rule: Rule, places: RegExp]>> = {
  ...ambient("clock", /^core\/clock\.ts$/, [
    ...["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "requestAnimationFrame"],
    ...["performance", "Date.now", "AbortSignal.timeout"],
  ]),
  ...ambient("random", /^core\/random\.ts$/, ["Math.random", "crypto"]),
  ...ambient("page", /^core\/network\.ts$/, ["window", "document", "navigator"]),
  ...ambient("socket", /^transport\//, ["WebSocket"]),
  ...ambient("console", /^$/, ["console"]),
};

function allow(folders: readonly string[]): Record<string, "all"> {
  return Object.fromEntries(folders.map((folder) => [folder, "all"]));
}

function ambient(rule: Rule, places: RegExp, names: readonly string[]): Record<string, readonly [Rule, RegExp]> {
  return Object.fromEntries(names.map((name) => [name, [rule, places]]));
}

/** Every rule that `source` breaks. `file` is its path below src/, with forward slashes. */
export function check(file: string, source: string): Violation[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const violations: Violation[] = [];
  const report: Report = (rule, node, found) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    violations.push({ rule, file, line: line + 1, found });
  };
  const own = declaredNames(tree);
  const visit = (node: ts.Node): void => {
    checkImport(file, node, report);
    checkExport(file, node, report);
    checkAmbient(file, node, own, report);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return violations;
}

type Report = (rule: Rule, node: ts.Node, found: string) => void;

function checkImport(file: string, node: ts.Node, report: Report): void {
  const imported = importOf(node);
  if (imported === undefined) return;
  const { specifier, typeOnly } = imported;
  if (!specifier.startsWith(".")) {
    const known = DEPENDENCIES.find(([package_]) => package_.test(specifier));
    if (known?.[1].test(file) !== true) report("dependency", node, specifier);
    return;
  }
  const from = folderOf(file);
  const to = folderOf(posix.join(posix.dirname(file), specifier));
  const entry = from === "" && to !== "..";
  const permission = from === to ? "all" : FLOORS[from]?.[to];
  const allowed = permission === "all" || (permission === "types" && typeOnly);
  if (!entry && !(allowed && from in FLOORS)) report("floors", node, `${from} -> ${to === "" ? specifier : to}`);
}

/** What `node` imports, if anything: an import, a re-export, `import("x")` or the type `import("x").Y`. */
function importOf(node: ts.Node): { specifier: string; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: importsTypesOnly(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { specifier: textOf(node.arguments[0]), typeOnly: false };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: textOf(node.argument.literal), typeOnly: true };
  }
  return undefined;
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return clause.name === undefined && named !== undefined && ts.isNamedImports(named)
    ? named.elements.every((element) => element.isTypeOnly)
    : false;
}

function checkExport(file: string, node: ts.Node, report: Report): void {
  const dropIn = file === "websocket.ts" || file.startsWith("websocket/");
  if (!dropIn && isDefaultExport(node)) report("default-export", node, "export default");
  if (!ts.isExportDeclaration(node)) return;
  if (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause)) {
    report("export-star", node, "export *");
  }
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return ts.canHaveModifiers(node) && (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

/**
 * Names are looked for wherever they stand, in types too: source reaches a global through a cast of `globalThis` to an
 * interface that names it. A comment or a string is not a name; `x["name"]` is.
 */
function checkAmbient(file: string, node: ts.Node, own: ReadonlySet<string>, report: Report): void {
  const flag = (name: string): void => {
    const entry = Object.hasOwn(AMBIENT, name) ? AMBIENT[name] : undefined;
    if (entry?.[1].test(file) === false) report(entry[0], node, name);
  };
  if (ts.isIdentifier(node) && !isOwnName(node, own)) flag(node.text);
  if (ts.isPropertyAccessExpression(node)) flag(`${node.expression.getText()}.${node.name.text}`);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    flag(node.argumentExpression.text);
    flag(`${node.expression.getText()}.${node.argumentExpression.text}`);
  }
  // `const { random } = Math` says Math.random as well.
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer !== undefined) {
    const object = node.initializer.getText();
    for (const { propertyName, name } of node.name.elements) flag(`${object}.${(propertyName ?? name).getText()}`);
  }
  // Both read the clock: `new Date()` and `Date()`.
  if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "Date") {
    if (ts.isCallExpression(node) || (node.arguments ?? []).length === 0) flag("Date.now");
  }
}

/** The drop-in class may be called WebSocket too: a name that the file declares or imports is not the global. */
function isOwnName(node: ts.Identifier, own: ReadonlySet<string>): boolean {
  if (node.text !== "WebSocket") return false;
  const { parent } = node;
  if (ts.isExportSpecifier(parent) && parent.parent.parent.moduleSpecifier !== undefined) return true;
  if (ts.isImportSpecifier(parent) || (ts.isClassLike(parent) && parent.name === node)) return true;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  return own.has(node.text) && !isMember;
}

function declaredNames(tree: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of tree.statements) {
    if (ts.isClassDeclaration(statement) && statement.name !== undefined) names.add(statement.name.text);
    if (!ts.isImportDeclaration(statement)) continue;
    const { importClause } = statement;
    if (importClause?.name !== undefined) names.add(importClause.name.text);
    const named = importClause?.namedBindings;
    if (named !== undefined && ts.isNamedImports(named)) for (const { name } of named.elements) names.add(name.text);
  }
  return names;
}

/** The first folder of a path below src/: "" for an entry point, ".." for a path outside. */
function folderOf(path: string): string {
  const [first = "", ...rest] = path.split("/");
  return rest.length === 0 ? "" : first;
}

function textOf(node: ts.Node | undefined): string {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : "(computed)";
}
