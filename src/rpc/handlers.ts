import { callbackFailed, HoldfastError, RemoteError, toHoldfastError } from "../core/errors.ts";
import { guard } from "../core/guard.ts";
import { badOption } from "../core/options.ts";
import type { Outcome } from "../core/outcome.ts";
import { type AbortControllerLike, newAbortController, onAbort, type PlatformSignal } from "../core/signal.ts";
import type { Dialect, RequestId, WireError } from "./dialect.ts";
import type { Check } from "./hooks.ts";
import { type Era, post, type RpcLink, type RpcQueueOptions } from "./link.ts";

/** What a handler is told besides the params. */
export interface CallContext {
  /**
   * Aborted when the peer cancels the call, or when its link is lost: nobody waits for the answer any more. That of a
   * notification, only when the link is lost.
   */
  readonly signal: PlatformSignal;
}

/**
 * Answers a call of the peer: its value, or the value of its promise, is the result. An async iterable is streamed.
 * A `RemoteError` travels as it is; of any other error the peer learns only that there was one.
 */
export type Handler = (params: unknown, context: CallContext) => unknown;

const METHOD_NOT_FOUND = -32601;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;
const BUSY = -32000;

/** The calls of the peer: each is answered once, on the link on which it came, or not at all if that is lost. */
export class Handlers {
  readonly #dialect: Dialect;
  readonly #link: RpcLink;
  readonly #era: Era;
  readonly #maxRunning: number;
  readonly #check: Check;
  readonly #handlers = new Map<string, Handler>();
  /** Those whose answer is wanted. */
  readonly #running = new Map<RequestId, AbortControllerLike>();
  /** All that run, wanted or not. */
  #count = 0;
  /** Of the notifications that are being handled. */
  readonly #notified = new Set<AbortControllerLike>();

  constructor(dialect: Dialect, link: RpcLink, era: Era, maxRunning: number, check: Check) {
    this.#dialect = dialect;
    this.#link = link;
    this.#era = era;
    this.#maxRunning = maxRunning;
    this.#check = check;
  }

  /** @throws TypeError if the method has a handler already, or if this is not a function */
  add(method: string, handler: Handler): () => void {
    if (typeof method !== "string") throw badOption("method", "a string");
    if (typeof handler !== "function") throw badOption("handler", "a function");
    if (this.#handlers.has(method)) throw new TypeError(`handle("${method}"): it has a handler already`);
    this.#handlers.set(method, handler);
    let on = true;
    return () => {
      if (on) this.#handlers.delete(method);
      on = false;
    };
  }

  request(id: RequestId, method: string, params: unknown): void {
    const handler = this.#handlers.get(method);
    if (this.#running.has(id)) this.#fail(id, INVALID_REQUEST, "A call with this id is running");
    else if (!handler) this.#fail(id, METHOD_NOT_FOUND, "Method not found");
    else if (this.#count >= this.#maxRunning) this.#fail(id, BUSY, "Too many calls are running");
    else
      this.#run(id, handler, method, params).catch((error: unknown) => {
        this.#report(error);
      });
  }

  /** False if nobody handles it. */
  notification(method: string, params: unknown): boolean {
    const handler = this.#handlers.get(method);
    const checked = handler && this.#checked(method, params, () => undefined);
    if (checked) void this.#notify(handler, checked.params);
    return handler !== undefined;
  }

  cancel(id: RequestId): void {
    const controller = this.#running.get(id);
    this.#running.delete(id);
    controller?.abort(new HoldfastError("DISCARDED", "The peer cancelled the call"));
  }

  /** The link is lost: nobody waits for an answer. */
  lost(cause: HoldfastError): void {
    const running = [...this.#running.values(), ...this.#notified];
    this.#running.clear();
    for (const controller of running) controller.abort(cause);
  }

  /** `undefined` if they are refused: the peer is told, and first, since whoever hears of the error may reconnect. */
  #checked(method: string, params: unknown, refuse: () => void): { readonly params: unknown } | undefined {
    try {
      return { params: this.#check(method, params) };
    } catch (cause) {
      refuse();
      this.#link.report(toHoldfastError(cause));
      return undefined;
    }
  }

  async #notify(handler: Handler, params: unknown): Promise<void> {
    const controller = newAbortController();
    this.#notified.add(controller);
    try {
      await handler(params, { signal: controller.signal });
    } catch (cause) {
      this.#report(cause);
    } finally {
      this.#notified.delete(controller);
    }
  }

  async #run(id: RequestId, handler: Handler, method: string, params: unknown): Promise<void> {
    const controller = newAbortController();
    this.#running.set(id, controller);
    this.#count++;
    const wanted = (): boolean => this.#running.get(id) === controller;
    try {
      const checked = this.#checked(method, params, () => {
        if (wanted()) this.#fail(id, INVALID_PARAMS, "Invalid params"); // the check may have left the link
      });
      if (!checked) return;
      const value = await handler(checked.params, { signal: controller.signal });
      const last = isAsyncIterable(value) ? await this.#stream(id, value, controller.signal) : value;
      if (wanted()) this.#send(this.#dialect.result(id, last));
    } catch (error) {
      if (wanted()) this.#failed(id, error);
    } finally {
      this.#count--;
      if (wanted()) this.#running.delete(id);
    }
  }

  /** What has to wait holds up the values behind it. An answer of which one was lost does not end as if it were whole. */
  async #stream(id: RequestId, values: AsyncIterable<unknown>, signal: PlatformSignal): Promise<null> {
    const iterator = values[Symbol.asyncIterator]();
    // Also what waits for a next value is left at once, where it can be: a generator ends when it comes to its next `yield`.
    const leave = (): void => {
      guard(this.#link.report, () => iterator.return?.(), undefined);
    };
    const unwanted = (): boolean => signal.aborted;
    if (unwanted()) {
      leave(); // while its handler was at it
      return null;
    }
    onAbort(signal, leave);
    for await (const value of { [Symbol.asyncIterator]: () => iterator }) {
      if (unwanted()) break;
      const item = this.#dialect.item?.(id, value);
      if (item === undefined) continue;
      const outcome = await new Promise<Outcome>((settled) => {
        this.#send(item, { signal, settled });
      });
      if (outcome !== "written") throw new RemoteError("A value of the answer was lost");
    }
    return null;
  }

  #failed(id: RequestId, error: unknown): void {
    try {
      if (!(error instanceof RemoteError)) throw error;
      const { remoteCode, message, data } = error;
      this.#send(this.#dialect.failure(id, { code: remoteCode ?? INTERNAL_ERROR, message, data }));
    } catch (cause) {
      // First the answer, as in `#checked`.
      this.#fail(id, INTERNAL_ERROR, "Internal error");
      this.#report(cause); // what the handler threw, or that its error cannot be encoded
    }
  }

  #fail(id: RequestId, code: number, message: string): void {
    const error: WireError = { code, message };
    this.#send(this.#dialect.failure(id, error));
  }

  #report(cause: unknown): void {
    this.#link.report(callbackFailed(cause));
  }

  /** An answer belongs to its connection: it never waits for another one. @throws what `encode` throws */
  #send(frame: unknown, options?: RpcQueueOptions): void {
    post(this.#link, this.#era, frame, options);
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
