import { type Clock, systemClock } from "../core/clock.ts";
import { closedHere, type HoldfastError } from "../core/errors.ts";
import { guard } from "../core/guard.ts";
import { type Network, systemNetwork } from "../core/network.ts";
import { assertPayload, type InboundPayload, type Payload } from "../core/payload.ts";
import { defaultTransport } from "../transport/platform.ts";
import type { SocketEnd } from "../transport/transport.ts";
import { Attempt, type AttemptHost } from "./attempt.ts";
import type { ConnectionDebugEvent, Upper } from "./events.ts";
import { INITIAL, isWaiting, type Machine, type MachineEvent, type Rules, step } from "./machine.ts";
import type { ConnectionOptions } from "./options.ts";
import { rulesOf } from "./rules.ts";
import type { ConnectionState } from "./state.ts";

/** Who is told of what the floor above has been told already. */
export interface ShellEvents {
  /** After each change of state. */
  changed(state: ConnectionState): void;
  /** After each step. */
  readonly debug?: ((event: ConnectionDebugEvent) => void) | undefined;
  readonly report: (error: HoldfastError) => void;
}

/**
 * The machine, and the handles that it cannot hold: socket, timer, watch on the platform. After each step it makes them
 * agree with the newer machine. It has neither listeners nor promises; who stands on it has them.
 */
export class Shell implements AttemptHost {
  readonly #options: ConnectionOptions;
  readonly #rules: Rules;
  readonly #clock: Clock;
  readonly #network: Network;
  readonly #upper: Partial<Upper>;
  readonly #events: ShellEvents;
  #machine: Machine = INITIAL;
  readonly #queue: (readonly [event: MachineEvent, done: (() => void) | undefined])[] = [];
  /** Those who wait for a state; absent while nobody does. */
  #waiting: Set<(state: ConnectionState) => void> | undefined;
  #attempt: Attempt | undefined;
  #cancelTimer: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  /** The options have been checked. */
  constructor(options: ConnectionOptions, upper: Partial<Upper>, events: ShellEvents) {
    this.#options = options;
    this.#upper = upper;
    this.#events = events;
    this.#clock = options.clock ?? systemClock;
    this.#network = options.network ?? systemNetwork;
    this.#rules = rulesOf(options, events.report);
  }

  get state(): ConnectionState {
    return this.#machine.state;
  }

  /** See `Connection`. */
  get protocol(): string {
    return this.#attempt?.protocol ?? "";
  }

  /** See `Connection`. */
  get bufferedAmount(): number | undefined {
    return this.#attempt?.socket?.bufferedAmount;
  }

  /** Calls `settle` after each change of state, behind the listeners. Returns the function that ends it. */
  follow(settle: (state: ConnectionState) => void): () => void {
    const waiting = (this.#waiting ??= new Set());
    waiting.add(settle);
    return () => {
      waiting.delete(settle);
      if (waiting.size === 0 && this.#waiting === waiting) this.#waiting = undefined;
    };
  }

  /** Hands one message to the open socket. False without one: nothing is buffered here. @throws TypeError for anything else than text or bytes */
  send(data: Payload): boolean {
    assertPayload(data);
    return this.state.name === "open" && this.#attempt?.socket?.send(data) === true;
  }

  /** Sends a protocol-level ping. False where the open socket has none, as in every browser. */
  ping(): boolean {
    const socket = this.#attempt?.socket;
    socket?.ping?.();
    return socket?.ping !== undefined;
  }

  message(data: InboundPayload, how?: "kept" | "again"): void {
    // As WHATWG has it: nothing is delivered while closing.
    if (this.state.name === "open") this.#upper.message?.(data, how);
  }

  pong(ping?: "ping"): void {
    this.#upper.pong?.(ping);
  }

  closed(end: SocketEnd): void {
    this.#upper.closed?.(end);
  }

  /** See `Connection`. */
  progressed(): boolean {
    return this.#attempt?.socket?.progressed?.() === true;
  }

  /** Runs one event to completion. Events that come meanwhile wait their turn, so that no step ever nests in another. */
  dispatch(event: MachineEvent, done?: () => void): void {
    if (this.#queue.push([event, done]) > 1) return; // one is being run, and stands at the head until it is done
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const [event, done] = next;
      this.#try(() => {
        this.#step(event);
      });
      if (done) this.#try(done);
      this.#queue.shift();
    }
  }

  #step(event: MachineEvent): void {
    const before = this.#machine;
    const at = this.#clock.now();
    const after = step(before, event, this.#rules, at);
    this.#machine = after;
    const { timer, state, epoch, attempt } = after;
    if (timer !== before.timer) {
      this.#cancelTimer?.();
      this.#cancelTimer =
        timer &&
        this.#clock.after(timer.at - at, () => {
          this.dispatch({ type: "timer", timer });
        });
    }
    if (after.probes !== before.probes) this.#try(() => this.#upper.probe?.());
    if (state !== before.state) this.#follow(before, after);
    this.#events.debug?.({ at, event: event.type, from: before.state.name, to: state.name, epoch, attempt });
    if (state === before.state) return;
    this.#try(() => {
      this.#events.changed(state);
    });
    if (this.#waiting) for (const settle of [...this.#waiting]) settle(state);
    if (state.name === "open") this.#attempt?.release();
  }

  /** Makes handles and layers agree with the new state: first what has ended, then what begins. */
  #follow({ state: was, epoch }: Machine, after: Machine): void {
    const { state, cause } = after;
    const dials = after.epoch !== epoch;
    this.#watch(after);
    if (dials || state.name === "closed" || isWaiting(state)) {
      // What this side ends of its own accord ends with a goodbye.
      this.#attempt?.abandon(!cause || cause.code === "SUSPENDED" ? 1000 : undefined);
      this.#attempt = undefined;
    }
    if (was.name === "open") this.#try(() => this.#upper.lost?.(cause ?? closedHere()));
    if (dials) this.#attempt = new Attempt(this.#options, after, this);
    this.#try(() => {
      this.#enter(state, was);
    });
  }

  /** A floor above, or a transport, a clock or a dice of one's own, may throw; the connection goes on. */
  #try(part: () => void): void {
    guard(this.#events.report, part, undefined);
  }

  #enter(state: ConnectionState, was: ConnectionState): void {
    const attempt = this.#attempt;
    if (state.name === "connecting") {
      if (state.phase === "dial") attempt?.dial(this.#options.transport ?? defaultTransport);
      else attempt?.[state.phase]();
    } else if (state.name === "open") this.#upper.opened?.();
    else if (state.name === "closing") {
      this.#try(() => attempt?.socket?.close(state.code, state.reason));
      this.#upper.ended?.(undefined);
    } else if (state.name === "closed" && was.name !== "closing") this.#upper.ended?.(state.cause);
  }

  /** The platform is listened to only while a connection is wanted. */
  #watch({ state, online }: Machine): void {
    if (state.name === "closed") {
      const unwatch = this.#unwatch;
      this.#unwatch = undefined;
      this.#try(() => unwatch?.());
    } else if (!this.#unwatch) {
      this.#try(() => {
        this.#unwatch = this.#network.watch((type) => {
          this.dispatch({ type });
        });
        if (this.#network.online !== online) this.dispatch({ type: online ? "offline" : "online" });
      });
    }
  }
}
