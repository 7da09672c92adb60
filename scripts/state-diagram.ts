// The table and the diagram of docs/state-machine.md, made from scripts/state-table.ts. With --write they are written into
// the page; without, it fails when the page is not up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import { inRoot } from "./entries.ts";
import {
  type Effect,
  EFFECTS,
  type EventName,
  EVENTS,
  GROUPS,
  type StateName,
  STATES,
  TIMERS,
  type Transition,
  TRANSITIONS,
} from "./state-table.ts";

export const PAGE = "docs/state-machine.md";

/** The columns of the overview, and the nodes of the diagram: a group, or a state that stands alone. */
const NODES: readonly (readonly [name: string, states: readonly StateName[]])[] = [
  ["idle", ["idle"]],
  ["connecting", GROUPS.connecting],
  ["open", ["open"]],
  ["between", GROUPS.between],
  ["closing", ["closing"]],
  ["closed", ["closed"]],
];

const TITLES: Readonly<Record<string, string>> = { between: "waiting, offline" };

/** The events, by name, in the order of the table; `Object.keys` does not tell their type. */
const EVENT_NAMES = Object.keys(EVENTS) as EventName[];

function nodeOf(state: StateName): string {
  return NODES.find(([, states]) => states.includes(state))?.[0] ?? state;
}

function isPhase(state: string): boolean {
  return GROUPS.connecting.some((phase) => phase === state);
}

function nameOf(state: StateName | "same"): string {
  return isPhase(state) ? `connecting (${state})` : state === "same" ? "the same" : state;
}

function namesOf(states: readonly StateName[]): string {
  const whole = GROUPS.connecting.every((phase) => states.includes(phase));
  const names = whole ? ["connecting", ...states.filter((state) => !isPhase(state))] : states.map(nameOf);
  return names.join(", ");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(row).join("\n");
}

/** Where an event leads, state by state. */
function overview(): string {
  const cell = (event: EventName, states: readonly StateName[]): string => {
    const here = TRANSITIONS.filter(({ on, from }) => on === event && from.some((state) => states.includes(state)));
    const goals = here.map(({ to, does }) => `${targetOf(to, states)}${does?.includes("abandons") ? "\\*" : ""}`);
    return [...new Set(goals)].join(", ") || "–";
  };
  const head = ["", ...NODES.map(([name]) => TITLES[name] ?? name)];
  return table(
    head,
    EVENT_NAMES.map((event) => [`\`${event}\``, ...NODES.map(([, states]) => cell(event, states))]),
  );
}

function targetOf(to: StateName | "same", states: readonly StateName[]): string {
  if (to === "same") return "stays";
  if (to === "resolve") return "connecting";
  return isPhase(to) && states.some(isPhase) ? to : nameOf(to);
}

function details(): string {
  const rows = TRANSITIONS.map(({ on, from, to, does = [], when = "" }) => [
    `\`${on}\``,
    namesOf(from),
    nameOf(to),
    does.join(", "),
    when,
  ]);
  return table(["event", "in", "leads to", "and", "when"], rows);
}

function glossary(words: Readonly<Record<string, string>>, head: string): string {
  return table(
    [head, "meaning"],
    Object.entries(words).map(([word, meaning]) => [`\`${word}\``, meaning]),
  );
}

function timers(): string {
  const rows = STATES.map((state) => [nameOf(state), TIMERS[state] ? `\`${TIMERS[state]}\`` : "none"]);
  return table(["state", "its timer"], rows);
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly events: Set<EventName>;
}

/** One edge from node to node with all its events; edges within a node are between its states. */
function edges(): Edge[] {
  const found = new Map<string, Edge>();
  for (const transition of TRANSITIONS) {
    for (const [from, to] of pairsOf(transition)) {
      const key = `${from} ${to}`;
      const edge = found.get(key) ?? { from, to, events: new Set() };
      found.set(key, edge);
      edge.events.add(transition.on);
    }
  }
  return [...found.values()];
}

function pairsOf({ from, to }: Transition): (readonly [from: string, to: string])[] {
  if (to === "same") return [];
  return from
    .filter((state) => state !== to)
    .map((state) => {
      const inside = nodeOf(state) === nodeOf(to) && to !== "resolve";
      const alone = nodeOf(state) === "connecting" && from.length === 1;
      return [inside || alone ? state : nodeOf(state), inside ? to : nodeOf(to)] as const;
    })
    .filter(([start, end]) => start !== end); // mermaid cannot draw a loop around a box
}

function diagram(): string {
  const drawn = edges();
  const isInside = (states: readonly string[], { from, to }: Edge): boolean =>
    states.includes(from) && states.includes(to);
  const line = ({ from, to, events }: Edge): string => `${from} --> ${to}: ${[...events].join(", ")}`;
  const groups = Object.entries(GROUPS);
  const boxes = groups.map(([name, states]) => {
    const inner = drawn.filter((edge) => isInside(states, edge)).map((edge) => `    ${line(edge)}`);
    return [`  state "${TITLES[name] ?? name}" as ${name} {`, ...inner, "  }"].join("\n");
  });
  const outer = drawn.filter((edge) => !groups.some(([, states]) => isInside(states, edge)));
  const lines = ["stateDiagram-v2", "  [*] --> idle", ...boxes, ...outer.map((edge) => `  ${line(edge)}`)];
  return ["```mermaid", ...lines, "```"].join("\n");
}

/** The generated parts of the page, by the name that their place in it has. */
function parts(): Readonly<Record<string, string>> {
  const effects: Readonly<Record<Effect, string>> = EFFECTS;
  return {
    diagram: diagram(),
    overview: overview(),
    transitions: details(),
    events: glossary(EVENTS, "event"),
    effects: glossary(effects, "word"),
    timers: timers(),
  };
}

/** The page with its generated parts made afresh. Throws if it has no place for one. */
export async function render(page: string): Promise<string> {
  let text = page;
  for (const [name, content] of Object.entries(parts())) {
    const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${PAGE} has no place for ${name}: ${start} … ${end}`);
    text = `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
  }
  return await format(text, { parser: "markdown", printWidth: 120 });
}

if (import.meta.main) {
  const page = readFileSync(inRoot(PAGE), "utf8");
  const fresh = await render(page);
  if (process.argv.includes("--write")) writeFileSync(inRoot(PAGE), fresh);
  else if (fresh !== page) {
    console.error(`${PAGE} is not up to date: npm run docs:state -- --write`);
    process.exitCode = 1;
  }
}
