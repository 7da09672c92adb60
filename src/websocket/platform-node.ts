import type { MessageClass, MessageFields } from "./event-types.ts";

interface Globals {
  readonly Event?: new (type: string) => object;
  readonly MessageEvent?: MessageClass | undefined;
}

let made: { readonly from: MessageClass; readonly by: MessageClass } | undefined;

/**
 * A class of messages that are events of the platform, and instances of its `MessageEvent`, but are not made by that class's
 * constructor: in Node its checks of its arguments take as long as all the rest of a message's way (`docs/performance.md`).
 */
export function messageClass({ Event, MessageEvent }: Globals): MessageClass | undefined {
  if (!Event || !MessageEvent) return MessageEvent;
  if (made?.from !== MessageEvent) made = { from: MessageEvent, by: derive(Event, MessageEvent) };
  return made.by;
}

function derive(Event: new (type: string) => object, MessageEvent: MessageClass): MessageClass {
  class Message extends Event {
    readonly #fields: MessageFields;

    constructor(type: string, fields: MessageFields) {
      super(type);
      this.#fields = fields;
    }

    get data(): unknown {
      return this.#fields.data;
    }

    get origin(): string {
      return this.#fields.origin;
    }

    get lastEventId(): string {
      return "";
    }

    get source(): null {
      return null;
    }

    get ports(): readonly unknown[] {
      return NO_PORTS;
    }
  }
  const { prototype } = Message;
  Reflect.deleteProperty(prototype, "constructor"); // so that it is `MessageEvent`, whose copies of a message then are its own
  Object.setPrototypeOf(prototype, MessageEvent.prototype);
  return Message;
}

const NO_PORTS: readonly unknown[] = Object.freeze([]);
