import type { MessageClass, PlatformEvent, SocketEventMap, SocketEventTarget } from "./event-types.ts";
import { messageClass } from "./platform.ts";
import { PlainEvent, PlainTarget } from "./plain-target.ts";

type Constructor<Arguments extends readonly unknown[]> = new (...args: Arguments) => object;

interface Globals {
  readonly EventTarget?: Constructor<[]>;
  readonly Event?: Constructor<[type: string]>;
  readonly MessageEvent?: MessageClass;
  readonly CloseEvent?: Constructor<[type: string, fields: object]>;
}

/** The class above ours: chosen when the first instance is made, since imports read no globals. */
let parent: Constructor<[]> | undefined;

/**
 * What a class extends to have the platform's own `EventTarget` above it, where there is one: instances are made by its
 * constructor, so they pass `instanceof EventTarget`, and the platform's own methods take them. `heir` answers that class.
 *
 * It makes the first instance, and puts the parent in its own place: `super()` looks up what it calls each time. To construct
 * all of them on behalf of another class takes V8 8 µs each, and leaves a map for each.
 */
export function platformTarget(heir: () => Constructor<[]>): new () => SocketEventTarget {
  function makeTarget(this: unknown): object {
    const { EventTarget, Event } = globalThis as Globals;
    parent ??= EventTarget && Event ? EventTarget : PlainTarget;
    Object.setPrototypeOf(heir(), parent); // Node knows its targets by a static member
    Object.setPrototypeOf(heir().prototype, parent.prototype as object);
    return Reflect.construct(parent, [], new.target as unknown as typeof parent);
  }
  // The cast: what it makes has the methods of `EventTarget`, whose types are narrower here.
  return makeTarget as unknown as new () => SocketEventTarget;
}

/** How the messages of one link become events: instances of the platform's `MessageEvent`, where it has one. */
export function messageMaker(origin: string): (data: unknown) => PlatformEvent {
  const Message = parent === PlainTarget ? undefined : messageClass(globalThis as Globals);
  if (!Message) return (data) => makeEvent("message", { data, origin });
  return (data) => new Message("message", { data, origin }) as PlatformEvent; // as its class extends `Event`
}

/**
 * Any other event as the platform has it: a `CloseEvent` where there is one (Node 22 has no `CloseEvent`, React Native
 * neither), else an `Event`, else a plain object, with the same fields.
 */
export function makeEvent(type: keyof SocketEventMap, fields: object): PlatformEvent {
  const { Event, CloseEvent } = globalThis as Globals;
  const Special = type === "close" ? CloseEvent : undefined;
  let event: object;
  if (parent === PlainTarget || !Event) event = new PlainEvent(type, fields);
  else if (Special) event = new Special(type, fields);
  else event = Object.assign(new Event(type), fields);
  return event as PlatformEvent; // one of the three, and each has what `PlatformEvent` names
}
