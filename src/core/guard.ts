import { callbackFailed, type HoldfastError } from "./errors.ts";
import { atOnce, isThenable } from "./thenable.ts";

/** Told of what a listener threw, or of an async listener's rejection. */
export type OnListenerError = (error: HoldfastError) => void;

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

/** What user code answers at once. `undefined` if it throws or answers with a promise, which `onError` hears of. */
export function ask<Value>(onError: OnListenerError, what: string, callback: () => Value): Value | undefined {
  try {
    return atOnce(callback(), what);
  } catch (cause) {
    onError(callbackFailed(cause));
    return undefined;
  }
}

/** The last resort for an error of application code that nobody listens to: the platform's own place for it, if it has one. */
export function reportUnheard(error: HoldfastError): void {
  (globalThis as { reportError?: (error: unknown) => void }).reportError?.(error);
}
