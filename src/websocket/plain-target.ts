import { guard, reportUnheard } from "../core/guard.ts";
import { type AbortSignalLike, onAbort } from "../core/signal.ts";

type Callback = ((event: PlainEvent) => unknown) | { handleEvent(event: PlainEvent): unknown };

interface Listener {
  readonly type: string;
  readonly callback: Callback;
  readonly capture: boolean;
  readonly once: boolean;
}

interface Options {
  readonly capture?: boolean;
  readonly once?: boolean;
  readonly signal?: AbortSignalLike;
}

/** An event where the platform has none. It bubbles nowhere and cannot be prevented. */
export class PlainEvent {
  readonly type: string;
  readonly bubbles = false;
  readonly cancelable = false;
  readonly defaultPrevented = false;
  target: unknown = null;
  currentTarget: unknown = null;
  stopped = false;

  constructor(type: string, fields?: object) {
    this.type = type;
    Object.assign(this, fields);
  }

  preventDefault(): void {
    // There is nothing to prevent.
  }

  stopPropagation(): void {
    // There is nowhere to go.
  }

  stopImmediatePropagation(): void {
    this.stopped = true;
  }
}

/** An `EventTarget` for platforms without one (React Native): the DOM standard's, for a target that has no parent. */
export class PlainTarget {
  /** Replaced and never changed, so that a dispatch goes on with the list that it began with. */
  #listeners: readonly Listener[] = [];

  addEventListener(type: string, callback: Callback | null, options?: Options | boolean): void {
    const { capture = false, once = false, signal } = optionsOf(options);
    if (!callback || signal?.aborted || this.#find(type, callback, capture)) return;
    this.#listeners = [...this.#listeners, { type, callback, capture, once }];
    onAbort(signal, () => {
      this.removeEventListener(type, callback, capture);
    });
  }

  removeEventListener(type: string, callback: Callback | null, options?: Options | boolean): void {
    const found = this.#find(type, callback, optionsOf(options).capture ?? false);
    if (found) this.#remove(found);
  }

  dispatchEvent(event: PlainEvent): boolean {
    event.target = event.currentTarget = this;
    for (const listener of this.#listeners) {
      if (listener.type !== event.type || !this.#listeners.includes(listener)) continue;
      if (listener.once) this.#remove(listener);
      const { callback } = listener;
      guard(
        reportUnheard,
        () => (typeof callback === "function" ? callback.call(this, event) : callback.handleEvent(event)),
        undefined,
      );
      if (event.stopped) break;
    }
    event.currentTarget = null;
    return !event.defaultPrevented;
  }

  #find(type: string, callback: Callback | null, capture: boolean): Listener | undefined {
    return this.#listeners.find((each) => each.type === type && each.callback === callback && each.capture === capture);
  }

  #remove(listener: Listener): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }
}

function optionsOf(options: Options | boolean | null | undefined): Options {
  return typeof options === "object" && options ? options : { capture: options === true };
}
