import { Emitter } from "../core/emitter.ts";
import { ConnectionError } from "../core/errors.ts";
import type { InboundPayload, Payload } from "../core/payload.ts";
import type { AbortSignalLike } from "../core/signal.ts";
import type { ConnectionDebugEvent, ConnectionEvents, Upper } from "./events.ts";
import { closeRequest } from "./machine.ts";
import { checkConnectionOptions, type ConnectionOptions } from "./options.ts";
import { reach } from "./reach.ts";
import { Shell, type ShellEvents } from "./shell.ts";
import type { ConnectionState } from "./state.ts";

/** The listeners, as the shell sees them. */
class Listeners extends Emitter<ConnectionEvents> implements ShellEvents {
  changed(state: ConnectionState): void {
    this.emit("state", state);
  }

  debug(event: ConnectionDebugEvent): void {
    this.emit("debug", event);
  }

  message(data: InboundPayload): void {
    this.emit("message", data);
  }
}

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
  readonly #listeners = new Listeners();
  readonly #shell: Shell;

  /** Checks the options and does nothing else. @throws TypeError that names the option which cannot be right */
  constructor(options: ConnectionOptions, upper?: Upper) {
    checkConnectionOptions(options);
    // A copy: the application may go on with its object, for the next connection.
    this.#shell = new Shell({ ...options }, upper ?? this.#listeners, this.#listeners);
  }

  /** What it is doing: the same object until it changes. */
  get state(): ConnectionState {
    return this.#shell.state;
  }

  /** The subprotocol that the server chose, or "". Not part of `state`, since some servers carry tokens in it. */
  get protocol(): string {
    return this.#shell.protocol;
  }

  /** Bytes that the open socket has taken and not yet sent; `undefined` where the platform cannot tell, or without one. */
  get bufferedAmount(): number | undefined {
    return this.#shell.bufferedAmount;
  }

  /** Adds a listener; the returned function removes it. What a listener throws becomes an `error` event. */
  on<Name extends keyof ConnectionEvents>(
    name: Name,
    listener: (event: ConnectionEvents[Name]) => unknown,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  /**
   * Wants a connection from now on. Resolves when it is open, at once if it is; rejects when it becomes `closed`, or
   * with the reason of `signal`, which ends the waiting and not the connecting. Awaiting it is optional.
   */
  connect(options?: { readonly signal?: AbortSignalLike | undefined }): Promise<void> {
    return reach(this.#shell, { type: "connect" }, "open", options);
  }

  /** Lets go of what there is and dials at once, from every state, with the failures forgotten. Resolves like `connect`. */
  reconnect(): Promise<void> {
    return reach(this.#shell, { type: "reconnect" }, "open");
  }

  /**
   * Ends the connection and leaves nothing behind: no timer, listener or later dial. Resolves when it is closed, after
   * `closeTimeout` even if the peer never answers. `connect()` starts again.
   * @throws TypeError unless `code` is 1000 or 3000-4999; a long `reason` is cut to 123 bytes
   */
  close(code?: number, reason?: string): Promise<void> {
    return reach(this.#shell, closeRequest(code, reason), "closed");
  }

  /** Judges the link dead, or the attempt hopeless: it is detached in this call, and the retry policy decides. */
  drop(cause: ConnectionError = new ConnectionError("DROPPED", "drop() was called")): void {
    this.#shell.dispatch({ type: "ended", cause });
  }

  /** Hands one message to the open socket. False without one: nothing is buffered here. @throws TypeError for anything else than text or bytes */
  send(data: Payload): boolean {
    return this.#shell.send(data);
  }

  /** Sends a protocol-level ping. False where the open socket has none, as in every browser. */
  ping(): boolean {
    return this.#shell.ping();
  }

  /**
   * Whether the open socket has moved bytes since this was last called, be it in the midst of a message. False where the
   * platform cannot tell.
   */
  progressed(): boolean {
    return this.#shell.progressed();
  }

  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
