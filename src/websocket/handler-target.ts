import type { PlatformEvent, SocketEventMap } from "./event-types.ts";
import { PlatformTarget } from "./platform-target.ts";

export type Handler<Type extends keyof SocketEventMap> = ((event: SocketEventMap[Type]) => unknown) | null;

interface Attribute {
  handler: object;
  readonly listener: (event: PlatformEvent) => void;
}

/** The event handler attributes of a `WebSocket` (HTML, section 8.1.8.1). */
export class HandlerTarget extends PlatformTarget {
  readonly #attributes = new Map<string, Attribute>();

  get onopen(): Handler<"open"> {
    return this.#get("open");
  }

  set onopen(handler: Handler<"open">) {
    this.#set("open", handler);
  }

  get onmessage(): Handler<"message"> {
    return this.#get("message");
  }

  set onmessage(handler: Handler<"message">) {
    this.#set("message", handler);
  }

  get onerror(): Handler<"error"> {
    return this.#get("error");
  }

  set onerror(handler: Handler<"error">) {
    this.#set("error", handler);
  }

  get onclose(): Handler<"close"> {
    return this.#get("close");
  }

  set onclose(handler: Handler<"close">) {
    this.#set("close", handler);
  }

  #get<Type extends keyof SocketEventMap>(type: Type): Handler<Type> {
    return (this.#attributes.get(type)?.handler ?? null) as Handler<Type>; // only `#set` puts one there, of this type
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
