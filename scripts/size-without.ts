// Where the limit of the sizes is: takes one thing after the other out of the bundles of size-budget.json, and tells how many
// bytes go with it, gzipped. With --write, writes the table into docs/decisions/size.md.
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Plugin } from "esbuild";
import ts from "typescript";
import { inRoot } from "./entries.ts";
import { toTable } from "./markdown-table.ts";
import { type Budget, BUDGETS, pageBundle } from "./page-bundle.ts";
import { writeSection } from "./section.ts";

/** All that this package uses of an emitter. */
const EMITTER = `export default class {
  #listeners = new Map();
  on(name, listener) { this.#listeners.set(name, [...this.listeners(name), listener]); }
  removeListener(name, listener) {
    this.#listeners.set(name, this.listeners(name).filter((each) => each !== listener));
  }
  listeners(name) { return this.#listeners.get(name) ?? []; }
  listenerCount(name) { return this.listeners(name).length; }
}`;

const ownEmitter: Plugin = {
  name: "own-emitter",
  setup(build) {
    build.onResolve({ filter: /^eventemitter3$/ }, ({ path }) => ({ path, namespace: "own" }));
    build.onLoad({ filter: /./, namespace: "own" }, () => ({ contents: EMITTER }));
  },
};

/** Text for people: what has a space in it. */
function isText(node: ts.Node): boolean {
  return (ts.isStringLiteral(node) || ts.isTemplateLiteral(node)) && /\w \w/.test(node.getText());
}

const noTexts: Plugin = {
  name: "no-texts",
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
      const code = await readFile(path, "utf8");
      const spans: (readonly [from: number, to: number])[] = [];
      const visit = (node: ts.Node): void => {
        if (isText(node)) spans.unshift([node.getStart(), node.end]);
        else ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true));
      const contents = spans.reduce((text, [from, to]) => `${text.slice(0, from)}""${text.slice(to)}`, code);
      return { contents, loader: "ts" };
    });
  },
};

/** These modules of src/ export the same names, and there is nothing behind them. */
function without(...modules: readonly string[]): Plugin {
  return {
    name: "without",
    setup(build) {
      build.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, async ({ path }) => {
        if (!modules.includes(relative(inRoot("src"), path).replaceAll("\\", "/"))) return undefined;
        const exported = (await readFile(path, "utf8")).matchAll(/^export (class|function|const) (\w+)/gm);
        const stubs = [...exported].map(([, kind = "", name = ""]) =>
          kind === "const" ? `export const ${name} = {};` : `export ${kind} ${name}${kind === "class" ? "" : "()"} {}`,
        );
        return { contents: stubs.join("\n") };
      });
    },
  };
}

const PERIPHERY = ["core/options.ts", "connection/reach.ts", "core/network.ts", "connection/target.ts"];

const ROWS: readonly (readonly [what: string, ...plugins: Plugin[]])[] = [
  ["`eventemitter3` (ten lines of our own in its place)", ownEmitter],
  ["every text of an error or an option", noTexts],
  ["both", ownEmitter, noTexts],
  ["the check of options and arguments", without("core/options.ts")],
  ["promises of `connect`, `reconnect` and `close`", without("connection/reach.ts")],
  ["hints of the page: `online`, `pagehide`, `resume`", without("core/network.ts")],
  ["providers, and the check of URL, protocols, headers", without("connection/target.ts")],
  ["all of these", without(...PERIPHERY), noTexts, ownEmitter],
  ["calls and subscriptions", without("client/calls.ts", "client/rpc-link.ts", "rpc/json-rpc.ts")],
  ["… of them subscriptions", without("subscriptions/subscriptions.ts")],
  ["… of them calls of the server", without("rpc/handlers.ts")],
  ["the outbox, or what waits for a link", without("outbox/outbox.ts", "outbox/backlog.ts")],
  ["… of it time limits, which the requests use, too", without("core/deadlines.ts")],
  ["the heartbeat", without("heartbeat/heartbeat.ts", "client/liveness.ts", "connection/pulse.ts")],
  ["events where the platform has none (React Native)", without("websocket/plain-target.ts")],
];

async function columnOf(budget: Budget): Promise<string[]> {
  const { gzipped: whole } = await pageBundle(budget);
  const rest = await Promise.all(ROWS.map(([, ...plugins]) => pageBundle(budget, plugins)));
  const cells = rest.map(({ gzipped }) => (gzipped === whole ? "" : String(gzipped - whole)));
  return ["`" + budget.import + "`", String(whole), ...cells];
}

const names = ["without", "nothing is left out", ...ROWS.map(([what]) => what)];
const columns = await Promise.all(BUDGETS.map(columnOf));
const rows = names.map((name, at) => [name, ...columns.map((column) => column[at] ?? "")]);
const table = toTable(rows, "numbers");
console.log(table);
if (process.argv.includes("--write")) await writeSection("docs/decisions/size.md", "without", table);
