import { type Clock, systemClock } from "../core/clock.ts";
import { Emitter, guard, reportUnheard } from "../core/emitter.ts";
import { closedHere, ConnectionError, type HoldfastError } from "../core/errors.ts";
import { type Network, systemNetwork } from "../core/network.ts";
import { badOption } from "../core/options.ts";
import { isPayload, type Payload } from "../core/payload.ts";
import type { AbortSignalLike } from "../core/signal.ts";
import { assertCloseCode, truncateReason } from "../transport/close-codes.ts";
import { defaultTransport } from "../transport/platform.ts";
import { Attempt, type AttemptHost } from "./attempt.ts";
import type { ConnectionEvents, Upper } from "./events.ts";
import { INITIAL, type Machine, type MachineEvent, type Rules, step } from "./machine.ts";
import { checkConnectionOptions, type ConnectionOptions } from "./options.ts";
import { reach } from "./reach.ts";
import { rulesOf } from "./rules.ts";
import type { ConnectionState } from "./state.ts";

/**
 * A WebSocket that comes back. It does nothing until `connect()`, dials again after each loss with growing, jittered
 * waits, and never gives up unless the retry policy says so.
 *
 * @example
 * const connection = new Connection({ url: "wss://example.com/feed" });
 * connection.on("message", (data) => console.log(data));
 * await connection.connect();
 * connection.send("hello");
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #rules: Rules;
  readonly #clock: Clock;
  readonly #network: Network;
  readonly #report = (error: HoldfastError): void => {
    if (!this.#emitter.emit("error", error)) reportUnheard(error);
  };
  readonly #emitter: Emitter<ConnectionEvents> = new Emitter(this.#report);
  readonly #host: AttemptHost;
  readonly #upper: Upper | undefined;
  #machine: Machine = INITIAL;
  readonly #events: (readonly [event: MachineEvent, done: (() => void) | undefined])[] = [];
  #running = false;
  #attempt: Attempt | undefined;
  #cancelTimer: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  /** Checks the options and does nothing else. @throws TypeError that names the option which cannot be right */
  constructor(options: ConnectionOptions, upper?: Upper) {
    checkConnectionOptions(options);
    this.#options = options;
    this.#upper = upper;
    this.#clock = options.clock ?? systemClock;
    this.#network = options.network ?? systemNetwork;
    this.#rules = rulesOf(options, this.#report);
    this.#host = {
      dispatch: (event) => {
        this.#dispatch(event);
      },
      message: (data) => {
        if (this.#machine.state.name !== "open") return; // as WHATWG has it: nothing is delivered while closing
        if (upper) upper.message(data);
        else this.#emitter.emit("message", data);
      },
      pong: () => upper?.pong(),
      closed: (end) => upper?.closed?.(end),
    };
  }

  get state(): ConnectionState {
    return this.#machine.state;
  }

  /** The subprotocol that the server chose, or "". Not part of `state`, since some servers carry tokens in it. */
  get protocol(): string {
    return this.#attempt?.protocol ?? "";
  }

  /** Bytes that the open socket has taken and not yet sent; `undefined` where the platform cannot tell, or without one. */
  get bufferedAmount(): number | undefined {
    return this.#attempt?.socket?.bufferedAmount;
  }

  /** Adds a listener; the returned function removes it. What a listener throws becomes an `error` event. */
  on<Name extends keyof ConnectionEvents>(
    name: Name,
    listener: (event: ConnectionEvents[Name]) => unknown,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Wants a connection from now on. Resolves when it is open, at once if it is; rejects when it becomes `closed`, or
   * with the reason of `signal`, which ends the waiting and not the connecting. Awaiting it is optional.
   */
  connect({ signal }: { readonly signal?: AbortSignalLike } = {}): Promise<void> {
    return this.#ask({ type: "connect" }, "open", signal);
  }

  /** Lets go of what there is and dials at once, from every state, with the failures forgotten. Resolves like `connect`. */
  reconnect(): Promise<void> {
    return this.#ask({ type: "reconnect" }, "open");
  }

  /**
   * Ends the connection and leaves nothing behind: no timer, listener or later dial. Resolves when it is closed, after
   * `closeTimeout` even if the peer never answers. `connect()` starts again.
   * @throws TypeError unless `code` is 1000 or 3000-4999; a long `reason` is cut to 123 bytes
   */
  close(code = 1000, reason = ""): Promise<void> {
    assertCloseCode(code);
    return this.#ask({ type: "close", code, reason: truncateReason(reason) }, "closed");
  }

  /** Judges the link dead, or the attempt hopeless: it is detached in this call, and the retry policy decides. */
  drop(cause: ConnectionError = new ConnectionError("DROPPED", "drop() was called")): void {
    this.#dispatch({ type: "ended", cause });
  }

  /** Hands one message to the open socket. False without one: nothing is buffered here. @throws TypeError for anything else than text or bytes */
  send(data: Payload): boolean {
    if (!isPayload(data)) throw badOption("data", "a string, an ArrayBuffer or a view of one");
    return this.#machine.state.name === "open" && this.#attempt?.socket?.send(data) === true;
  }

  /** Sends a protocol-level ping. False where the open socket has none, as in every browser. */
  ping(): boolean {
    const socket = this.#attempt?.socket;
    socket?.ping?.();
    return socket?.ping !== undefined;
  }

  /**
   * Whether the open socket has moved bytes since this was last called, be it in the midst of a message. False where the
   * platform cannot tell.
   */
  progressed(): boolean {
    return this.#attempt?.socket?.progressed?.() === true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Looks out for the goal from when the event has taken effect: what was asked for before it has nothing to do with it. */
  #ask(event: MachineEvent, goal: "open" | "closed", signal?: AbortSignalLike): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      const watch = (): void => {
        reach(goal, this.state, this.#emitter, signal).then(resolve, reject);
      };
      if (signal?.aborted) watch();
      else this.#dispatch(event, watch);
    });
    promise.catch(() => undefined); // awaiting it is optional
    return promise;
  }

  /** Runs one event to completion. Events that come meanwhile wait their turn, so that no step ever nests in another. */
  #dispatch(event: MachineEvent, done?: () => void): void {
    this.#events.push([event, done]);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#events.shift(); next; next = this.#events.shift()) {
      this.#step(next[0]);
      next[1]?.();
    }
    this.#running = false;
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
          this.#dispatch({ type: "timer", timer });
        });
    }
    if (after.probes !== before.probes) this.#try(() => this.#upper?.probe());
    if (state !== before.state) this.#follow(before, after);
    if (this.#emitter.count("debug")) {
      this.#emitter.emit("debug", { at, event: event.type, from: before.state.name, to: state.name, epoch, attempt });
    }
    if (state === before.state) return;
    this.#emitter.emit("state", state);
    if (state.name === "open") for (const data of this.#attempt?.release() ?? []) this.#host.message(data);
  }

  /** Makes handles and layers agree with the new state: first what has ended, then what begins. */
  #follow({ state: was, epoch }: Machine, after: Machine): void {
    const { state, cause } = after;
    const dials = after.epoch !== epoch;
    const linked = state.name === "connecting" || state.name === "open" || state.name === "closing";
    this.#watch(linked || state.name === "waiting" || state.name === "offline", after);
    if (dials || !linked) {
      // What this side ends of its own accord ends with a goodbye.
      this.#attempt?.abandon(!cause || cause.code === "SUSPENDED" ? 1000 : undefined);
      this.#attempt = undefined;
    }
    if (was.name === "open") this.#try(() => this.#upper?.lost(cause ?? closedHere()));
    if (dials) this.#attempt = new Attempt(this.#options, after, this.#host);
    this.#try(() => {
      this.#enter(state, was);
    });
  }

  /** A floor above or a transport of one's own may throw; the connection goes on. */
  #try(part: () => void): void {
    guard(this.#report, part, undefined);
  }

  #enter(state: ConnectionState, was: ConnectionState): void {
    const attempt = this.#attempt;
    switch (state.name) {
      case "connecting":
        if (state.phase === "dial") attempt?.dial(this.#options.transport ?? defaultTransport);
        else attempt?.[state.phase]();
        return;
      case "open":
        this.#upper?.opened();
        return;
      case "closing":
        this.#try(() => attempt?.socket?.close(state.code, state.reason));
        this.#upper?.ended(undefined);
        return;
      case "closed":
        if (was.name !== "closing") this.#upper?.ended(state.cause);
        return;
      case "idle":
      case "waiting":
      case "offline":
        return;
      default:
        state satisfies never;
    }
  }

  /** The platform is listened to only while a connection is wanted. */
  #watch(wanted: boolean, { online }: Machine): void {
    if (!wanted) this.#unwatch?.();
    if (!wanted) this.#unwatch = undefined;
    else if (!this.#unwatch) {
      this.#unwatch = this.#network.watch((type) => {
        this.#dispatch({ type });
      });
      if (this.#network.online !== online) this.#dispatch({ type: online ? "offline" : "online" });
    }
  }
}
