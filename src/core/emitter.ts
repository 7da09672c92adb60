import EventEmitter from "eventemitter3";
import { guard, type OnListenerError, reportUnheard } from "./guard.ts";
import { badOption } from "./options.ts";

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
