/** The fields that a `WebSocket`'s events have; which of them are there depends on the type. */
export interface MemoryWebSocketEvent {
  readonly type: MemoryWebSocketEventType;
  readonly target: unknown;
  readonly data?: unknown;
  readonly message?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
}

/** The events of a `WebSocket`. */
export type MemoryWebSocketEventType = "open" | "message" | "error" | "close";

/** What such an event is told to. */
export type MemoryWebSocketListener = (event: MemoryWebSocketEvent) => void;

/** The part of `EventTarget` and of the `on…` attributes that a `WebSocket` has. */
export class WebSocketEventTarget {
  onopen: MemoryWebSocketListener | null = null;
  onmessage: MemoryWebSocketListener | null = null;
  onerror: MemoryWebSocketListener | null = null;
  onclose: MemoryWebSocketListener | null = null;
  readonly #listeners = new Map<MemoryWebSocketEventType, Map<MemoryWebSocketListener, "always" | "once">>();

  addEventListener(
    type: MemoryWebSocketEventType,
    listener: MemoryWebSocketListener,
    options?: { readonly once?: boolean },
  ): void {
    const listeners = this.#listeners.get(type) ?? new Map<MemoryWebSocketListener, "always" | "once">();
    this.#listeners.set(type, listeners);
    if (!listeners.has(listener)) listeners.set(listener, options?.once === true ? "once" : "always");
  }

  removeEventListener(type: MemoryWebSocketEventType, listener: MemoryWebSocketListener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  /** How many listeners there are, the `on…` attributes among them. */
  get listenerCount(): number {
    let count = [this.onopen, this.onmessage, this.onerror, this.onclose].filter(
      (listener) => listener !== null,
    ).length;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }

  /** Calls the attribute first, then the listeners in their order. What one throws reaches the test, not the next listener. */
  protected fire(type: MemoryWebSocketEventType, fields: Omit<MemoryWebSocketEvent, "type" | "target"> = {}): void {
    const event: MemoryWebSocketEvent = { type, target: this, ...fields };
    this[`on${type}`]?.(event);
    const listeners = this.#listeners.get(type);
    for (const [listener, times] of [...(listeners ?? [])]) {
      if (times === "once") listeners?.delete(listener);
      listener(event);
    }
  }
}
