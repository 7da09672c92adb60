import EventEmitter from "eventemitter3";
import type { HoldfastError } from "./errors.ts";
import { guard, type OnListenerError, reportUnheard } from "./guard.ts";
import { badOption } from "./options.ts";

/**
 * Listeners that cannot hurt the engine or each other: each runs in its own `try`, and what it throws (or the promise
 * it returns rejects with) goes to `report`. A listener added or removed during an event takes effect with the next event.
 */
export class Emitter<Events extends { error: HoldfastError }> {
  readonly #emitter = new EventEmitter<string>();
  /** An error becomes an `error` event; where nobody listens to that, the platform is told. */
  readonly report: OnListenerError = (error) => {
    if (!this.emit("error", error)) reportUnheard(error);
  };
  /** The event that was last emitted, with its listeners: mostly it is the same one again, and to look them up costs more than to call them. */
  #name: string | undefined;
  #listeners: readonly ((event: never) => void)[] | undefined;

  /** Adds a listener; the returned function removes it again. */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => unknown): () => void {
    if (typeof listener !== "function") throw badOption("listener", "a function");
    // A listener of errors that throws must not be told of itself.
    const onError = name === "error" ? reportUnheard : this.report;
    const guarded = (event: Events[Name]): void => {
      guard(onError, listener, event);
    };
    this.#emitter.on(name, guarded);
    this.#listeners = undefined;
    return () => {
      this.#emitter.removeListener(name, guarded);
      this.#listeners = undefined;
    };
  }

  /** Calls the listeners of `name`, in the order in which they were added. False if there are none. */
  emit<Name extends keyof Events & string>(name: Name, event: Events[Name]): boolean {
    let listeners = this.#name === name ? this.#listeners : undefined;
    if (!listeners) {
      listeners = this.#listeners = this.#emitter.listeners(name);
      this.#name = name;
    }
    // An index: an iterator takes longer than the call. The cast: `on` has let in those of this event alone.
    for (let at = 0; at < listeners.length; at++) listeners[at]?.(event as never);
    return listeners.length > 0;
  }

  /** How many listeners `name` has, so that nobody builds an event that no one hears. */
  count(name: keyof Events & string): number {
    return this.#emitter.listenerCount(name);
  }
}
