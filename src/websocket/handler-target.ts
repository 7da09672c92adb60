import type { PlatformEvent, SocketEventMap, SocketEventTarget } from "./event-types.ts";
import { platformTarget } from "./platform-target.ts";

export type Handler<Type extends keyof SocketEventMap> = ((event: SocketEventMap[Type]) => unknown) | null;

interface Attribute {
  handler: object;
  readonly listener: (event: PlatformEvent) => void;
}

/** The platform's own `EventTarget`, where there is one. */
const PlatformTarget: new () => SocketEventTarget = platformTarget((): new () => object => HandlerTarget);

/** The event handler attributes of a `WebSocket` (HTML, section 8.1.8.1). */
export class HandlerTarget extends PlatformTarget {
  declare onopen: Handler<"open">;
  declare onmessage: Handler<"message">;
  declare onerror: Handler<"error">;
  declare onclose: Handler<"close">;

  readonly #attributes = new Map<string, Attribute>();

  static {
    for (const type of ["open", "message", "error", "close"] as const) {
      Object.defineProperty(this.prototype, `on${type}`, {
        configurable: true,
        enumerable: true,
        get(this: HandlerTarget) {
          return this.#attributes.get(type)?.handler ?? null;
        },
        set(this: HandlerTarget, handler: unknown) {
          this.#set(type, handler);
        },
      });
    }
  }

  /** A handler is a listener that keeps its place while its function is replaced. */
  #set(type: keyof SocketEventMap, handler: unknown): void {
    const attribute = this.#attributes.get(type);
    if (handler === null || (typeof handler !== "function" && typeof handler !== "object")) {
      this.#attributes.delete(type);
      if (attribute) this.removeEventListener(type, attribute.listener);
    } else if (attribute) attribute.handler = handler;
    else {
      const added: Attribute = {
        handler,
        listener: (event) => {
          if (typeof added.handler === "function" && added.handler.call(this, event) === false) event.preventDefault();
        },
      };
      this.#attributes.set(type, added);
      this.addEventListener(type, added.listener);
    }
  }
}
