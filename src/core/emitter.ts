import EventEmitter from "eventemitter3";
import { callbackFailed, type HoldfastError } from "./errors.ts";
import { badOption } from "./options.ts";
import { isThenable } from "./thenable.ts";

/** Told of what a listener threw, or of an async listener's rejection. */
export type OnListenerError = (error: HoldfastError) => void;

/**
 * Listeners that cannot hurt the engine or each other: each runs in its own `try`, and what it throws (or the promise
 * it returns rejects with) goes to `onError`. A listener added or removed during an event takes effect with the next event.
 */
export class Emitter<Events extends object> {
  readonly #emitter = new EventEmitter<string>();
  readonly #onError: OnListenerError;

  constructor(onError: OnListenerError) {
    this.#onError = onError;
  }

  /** Adds a listener; the returned function removes it again. */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => unknown): () => void {
    if (typeof listener !== "function") throw badOption("listener", "a function");
    // A listener of errors that throws must not be told of itself.
    const onError = name === "error" ? reportUnheard : this.#onError;
    const guarded = (event: Events[Name]): void => {
      guard(onError, listener, event);
    };
    this.#emitter.on(name, guarded);
    return () => {
      this.#emitter.removeListener(name, guarded);
    };
  }

  /** Calls the listeners of `name`, in the order in which they were added. False if there are none. */
  emit<Name extends keyof Events & string>(name: Name, event: Events[Name]): boolean {
    return this.#emitter.emit(name, event);
  }

  /** How many listeners `name` has, so that nobody builds an event that no one hears. */
  count(name: keyof Events & string): number {
    return this.#emitter.listenerCount(name);
  }
}

/**
 * Calls user code so that neither its exception nor its rejected promise gets past `onError`. `done` gets what it answers, or
 * what its promise comes to: at once where it answers at once.
 */
export function guard<Argument, Value>(
  onError: OnListenerError,
  callback: (argument: Argument) => Value | PromiseLike<Value>,
  argument: Argument,
  done?: (value: Value) => void,
): void {
  try {
    const result = callback(argument);
    if (isThenable(result)) {
      result.then(done, (cause: unknown) => {
        onError(callbackFailed(cause));
      });
    } else done?.(result);
  } catch (cause) {
    onError(callbackFailed(cause));
  }
}

/** The last resort for an error of application code that nobody listens to: the platform's own place for it, if it has one. */
export function reportUnheard(error: HoldfastError): void {
  (globalThis as { reportError?: (error: unknown) => void }).reportError?.(error);
}
