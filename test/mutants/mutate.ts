import ts from "typescript";

/** One small change of a source file. */
export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  /** What stands there. */
  readonly from: string;
  /** What stands there instead; "" for what is left out. */
  readonly to: string;
  /** In code that runs when the module is loaded. */
  readonly onLoad: boolean;
}

/** A source file that holds all its mutants: `__mutant(id)` decides at run time which of them is alive. */
export interface Mutated {
  readonly text: string;
  readonly mutants: readonly Mutant[];
}

const SWAPS: Readonly<Record<string, readonly string[]>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
};
const ASSIGNMENTS: Readonly<Record<string, string>> = { "+=": "-=", "-=": "+=" };
const STEPS: Readonly<Record<string, string>> = { "++": "--", "--": "++" };

/** Finds every place where a small change is possible, and writes all of them into one text. `first` is the first id. */
export function mutate(file: string, source: string, first: number): Mutated {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, to: string, from = node.getText()): number => {
    const id = first + mutants.length;
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    mutants.push({ id, file, line, from: oneLine(from), to: oneLine(to), onLoad: runsOnLoad(node) });
    return id;
  };
  const emit = (node: ts.Node): string => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      return node.getFullText();
    }
    let out = "";
    let position = node.getFullStart();
    for (const child of childrenOf(node)) {
      out += source.slice(position, child.getFullStart()) + emit(child);
      position = child.getEnd();
    }
    out += source.slice(position, node.getEnd());
    const lead = source.slice(node.getFullStart(), node.getStart());
    return lead + wrap(node, out.slice(lead.length), add);
  };
  const text = emit(tree) + source.slice(tree.endOfFileToken.getFullStart());
  return { text, mutants };
}

type Add = (node: ts.Node, to: string, from?: string) => number;

function wrap(node: ts.Node, text: string, add: Add): string {
  if (ts.isExpression(node)) {
    const ways = alternatives(node);
    if (ways.length === 0) return text;
    return `(${ways.map((to) => `__mutant(${String(add(node, to))}) ? (${to}) : `).join("")}(${text}))`;
  }
  if (isLoopBody(node)) return `{ __turn(); ${removable(node) ? without(node, text, add) : text} }`;
  if (removable(node)) return without(node, text, add);
  if (isOverride(node)) return `...(__mutant(${String(add(node, ""))}) ? {} : { ${text} })`;
  return text;
}

function without(node: ts.Node, text: string, add: Add): string {
  return `{ if (!__mutant(${String(add(node, ""))})) { ${text} } }`; // in braces: an \`else\` may follow
}

/** What could stand in the place of an expression. */
function alternatives(node: ts.Expression): readonly string[] {
  const ways: string[] = [];
  if (isCondition(node)) ways.push(...(isLoop(node.parent) ? ["false"] : ["true", "false"]));
  if (ts.isBinaryExpression(node)) ways.push(...binary(node));
  if (ts.isPrefixUnaryExpression(node)) ways.push(...prefix(node));
  if (ts.isPostfixUnaryExpression(node)) {
    const operator = ts.tokenToString(node.operator) ?? "";
    ways.push(`${node.operand.getText()}${STEPS[operator] ?? operator}`);
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) ways.push("false");
  if (node.kind === ts.SyntaxKind.FalseKeyword) ways.push("true");
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    const rest = node.getText().slice(callee.length);
    if (callee === "Math.min") ways.push(`Math.max${rest}`);
    if (callee === "Math.max") ways.push(`Math.min${rest}`);
  }
  return ways;
}

function binary({ left, operatorToken, right, parent }: ts.BinaryExpression): readonly string[] {
  const operator = operatorToken.getText();
  const [a, b] = [left.getText(), right.getText()];
  if (operator === "&&" || operator === "||" || operator === "??") return [a, b];
  const assignment = ASSIGNMENTS[operator];
  if (assignment !== undefined && !ts.isExpressionStatement(parent)) return [`${a} ${assignment} ${b}`];
  if (assignment !== undefined) return [`${a} ${assignment} ${b}`];
  return (SWAPS[operator] ?? []).map((other) => `${a} ${other} ${b}`);
}

function prefix({ operator, operand }: ts.PrefixUnaryExpression): readonly string[] {
  const sign = ts.tokenToString(operator) ?? "";
  if (sign === "!") return [operand.getText()];
  if (sign === "-") return [`+${operand.getText()}`];
  return STEPS[sign] === undefined ? [] : [`${STEPS[sign]}${operand.getText()}`];
}

function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  return (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) && parent.condition === node;
}

function isLoop(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false);
}

function isLoopBody(node: ts.Node): boolean {
  return ts.isStatement(node) && isLoop(node.parent);
}

/** A statement that could be forgotten: one that calls, assigns, throws, or leaves early. */
function removable(node: ts.Node): boolean {
  if (ts.isExpressionStatement(node)) {
    return !ts.isSatisfiesExpression(node.expression) && !node.getText().startsWith("super(");
  }
  if (ts.isReturnStatement(node)) return node.expression === undefined;
  return ts.isThrowStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node);
}

/** A property that overrides one of an object that is spread before it. */
function isOverride(node: ts.Node): boolean {
  if (!ts.isPropertyAssignment(node) && !ts.isShorthandPropertyAssignment(node)) return false;
  return node.parent.properties.some((one) => ts.isSpreadAssignment(one) && one.pos < node.pos);
}

function runsOnLoad(node: ts.Node): boolean {
  for (let outer = node.parent; !ts.isSourceFile(outer); outer = outer.parent) {
    if (ts.isFunctionLike(outer)) return false;
    if (ts.isPropertyDeclaration(outer)) return false;
  }
  return true;
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children.sort((a, b) => a.pos - b.pos);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
