import { INITIAL, type Machine, type MachineEvent, type Rules, step } from "../../../src/connection/machine.ts";
import { ConnectionError } from "../../../src/core/errors.ts";

/** When everything happens unless a test says otherwise. */
export const NOW = 1_000_000;

export const LOST: ConnectionError = new ConnectionError("CONNECTION_LOST", "lost", { closeCode: 1006, reason: "" });

/** The default rules, with a handshake and without chance: every draw is in the middle. */
export function rules(changes: Partial<Rules> = {}): Rules {
  return {
    backoff: {},
    connectTimeout: 10_000,
    closeTimeout: 2_000,
    stableAfter: 5_000,
    retry: () => undefined,
    handshake: true,
    random: () => 0.5,
    ...changes,
  };
}

/** Runs events one after the other, all of them now. */
export function run(machine: Machine, events: readonly MachineEvent[], by: Rules = rules(), now = NOW): Machine {
  return events.reduce((m, event) => step(m, event, by, now), machine);
}

const ended: MachineEvent = { type: "ended", cause: LOST };
const close: MachineEvent = { type: "close", code: 1000, reason: "" };
const opening: readonly MachineEvent[] = [
  { type: "connect" },
  { type: "resolved", epoch: 1 },
  { type: "opened", epoch: 1 },
];

/** One machine in each state, reached for the first time. */
export const IN = {
  idle: INITIAL,
  resolve: run(INITIAL, opening.slice(0, 1)),
  dial: run(INITIAL, opening.slice(0, 2)),
  handshake: run(INITIAL, opening),
  open: run(INITIAL, [...opening, { type: "ready", epoch: 1 }]),
  waiting: run(INITIAL, [{ type: "connect" }, ended]),
  offline: run(INITIAL, [{ type: "connect" }, { type: "offline" }, ended]),
  closing: run(INITIAL, [...opening, { type: "ready", epoch: 1 }, close]),
  closed: run(INITIAL, [close]),
  "given up": run(INITIAL, [{ type: "connect" }, ended], rules({ retry: () => "stop" })),
} as const satisfies Readonly<Record<string, Machine>>;

export type Place = keyof typeof IN;

/** The state's name, or the phase of `connecting`. */
export function placeOf({ state }: Machine): string {
  return state.name === "connecting" ? state.phase : state.name;
}

/** The machine's timer goes off. Throws if it has none. */
export function timerOf({ timer }: Machine): MachineEvent {
  if (!timer) throw new Error("there is no timer");
  return { type: "timer", timer };
}

/** When the next attempt comes, in ms from `now`. Throws if none is to come. */
export function waitOf({ state }: Machine, now = NOW): number {
  if (state.name !== "waiting" && state.name !== "offline") throw new Error(`no wait in ${state.name}`);
  return state.retryAt - now;
}
