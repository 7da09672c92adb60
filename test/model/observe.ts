import type { Machine, MachineEvent } from "../../src/connection/machine.ts";
import type { ConnectionState } from "../../src/connection/state.ts";
import { EFFECTS, type Effect, GROUPS, type StateName, TRANSITIONS } from "../../scripts/state-table.ts";

// `Object.keys` does not tell the type of the keys.
const ORDER = Object.keys(EFFECTS) as Effect[];
const BETWEEN: readonly string[] = GROUPS.between;
const LINKED: ReadonlySet<string> = new Set([...GROUPS.connecting, "open", "closing"]);

/** Every transition of the table, written as `observe` writes what has happened. */
export const LISTED: ReadonlySet<string> = new Set(
  TRANSITIONS.flatMap(({ on, from, to, does = [] }) =>
    from.map((state) => write(on, state, to === "same" ? state : to, does)),
  ),
);

const LEADS_SOMEWHERE: ReadonlySet<string> = new Set(
  TRANSITIONS.flatMap(({ on, from }) => from.map((state) => `${on} in ${state}`)),
);

export function placeOf(state: ConnectionState): StateName {
  return state.name === "connecting" ? state.phase : state.name;
}

/** Whether the table has anything for this event in this state. */
export function leadsSomewhere(event: MachineEvent, state: ConnectionState): boolean {
  return LEADS_SOMEWHERE.has(`${event.type} in ${placeOf(state)}`);
}

/** What has happened between two machines, in the words of the table: `ended: open -> waiting (abandons, counts)`. */
export function observe(before: Machine, { type }: MachineEvent, after: Machine): string {
  const [from, to] = [placeOf(before.state), placeOf(after.state)];
  const dials = after.epoch !== before.epoch;
  const stays = from === to && !dials;
  const hint = type === "online" || type === "wake";
  const seen: Readonly<Record<Effect, boolean>> = {
    dials,
    abandons: LINKED.has(from) && (dials || !LINKED.has(to)),
    forgets: dials && after.attempt === 0 && after.cause === undefined && !after.refresh && !after.hurried,
    counts: after.attempt === before.attempt + 1,
    calms: type === "timer" && stays && after.attempt === 0 && !after.refresh && after.timer === undefined,
    probes: after.probes === before.probes + 1,
    hurries: hint && after.hurried,
    reschedules: BETWEEN.includes(from) && BETWEEN.includes(to) && after.timer !== before.timer,
  };
  return write(
    type,
    from,
    to,
    ORDER.filter((effect) => seen[effect]),
  );
}

function write(on: string, from: string, to: string, does: readonly Effect[]): string {
  const effects = ORDER.filter((effect) => does.includes(effect)).join(", ");
  return `${on}: ${from} -> ${to}${effects && ` (${effects})`}`;
}

/** True if nothing is different but the platform's opinion, which may be noted. */
export function isUntouched(before: Machine, after: Machine): boolean {
  return (
    after.state === before.state &&
    after.timer === before.timer &&
    after.epoch === before.epoch &&
    after.attempt === before.attempt &&
    after.cause === before.cause &&
    after.refresh === before.refresh &&
    after.hurried === before.hurried &&
    after.probes === before.probes &&
    after.dialledAt === before.dialledAt
  );
}
