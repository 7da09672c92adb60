/** A bug that somebody could have written. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** The folders of test/unit in which a test has to fail. */
  readonly unit: readonly string[];
  /** "blind": no seed can see it from outside, for the reason that is given. @default "sees" */
  readonly simulator?: { readonly blind: string };
}

const MACHINE = "src/connection/machine.ts";
const SHELL = "src/connection/shell.ts";
const ENGINE = "src/client/engine.ts";
const OUTBOX = "src/outbox/outbox.ts";
const BACKLOG = "src/outbox/backlog.ts";
const CALLS = "src/rpc/calls.ts";
const HEARTBEAT = "src/heartbeat/heartbeat.ts";
const SUBSCRIPTIONS = "src/subscriptions/subscriptions.ts";

const CONNECTING: readonly Fault[] = [
  {
    name: "the epoch is not raised",
    file: MACHINE,
    from: "epoch: m.epoch + 1, timer",
    to: "timer",
    unit: ["connection"],
  },
  {
    name: "answers of an older dial count",
    file: MACHINE,
    from: `if ("epoch" in event && event.epoch !== m.epoch) return m;`,
    to: "",
    unit: ["connection"],
    simulator: { blind: "an attempt that was let go of is silent by itself: each of the two guards is enough" },
  },
  {
    name: "the failures are forgotten on open",
    file: MACHINE,
    from: `state: { name: "open", since: now }, timer, hurried: false`,
    to: `state: { name: "open", since: now }, timer, attempt: 0, hurried: false`,
    unit: ["connection"],
  },
  {
    name: "the waits have no jitter",
    file: "src/connection/backoff.ts",
    from: "return floor + random() * (ceiling - floor);",
    to: "return ceiling;",
    unit: ["connection"],
  },
  {
    name: "the handshake is not waited for",
    file: MACHINE,
    from: `return rules.handshake ? connecting(m, "handshake") : open(m, rules, now);`,
    to: "return open(m, rules, now);",
    unit: ["connection"],
  },
  {
    name: "an attempt has no deadline",
    file: MACHINE,
    from: `return { ...connecting(m, "resolve"), epoch: m.epoch + 1, timer, dialledAt: now };`,
    to: `return { ...connecting(m, "resolve"), epoch: m.epoch + 1, timer: timer && undefined, dialledAt: now };`,
    unit: ["connection"],
  },
  {
    name: "closing has no deadline",
    file: MACHINE,
    from: `timer: { name: "close", at }, cause`,
    to: "timer: at ? undefined : undefined, cause",
    unit: ["connection"],
  },
  {
    name: "a lost link stops the retries",
    file: "src/connection/retry.ts",
    from: "case 1002:",
    to: "case 1002:\n    case 1006:",
    unit: ["connection"],
  },
  {
    name: "a timer outlives its state",
    file: SHELL,
    from: "this.#cancelTimer?.();",
    to: "",
    unit: ["connection"],
  },
  {
    name: "a closed connection listens to the platform",
    file: SHELL,
    from: "      this.#try(() => unwatch?.());\n",
    to: "",
    unit: ["connection"],
  },
  {
    name: "a socket that was let go of is heard",
    file: "src/connection/attempt.ts",
    from: "this.#host = this.#unread = undefined;",
    to: "this.#unread = undefined;",
    unit: ["connection"],
  },
  {
    name: "a socket is let go of and stays open",
    file: "src/connection/attempt.ts",
    from: "this.socket?.abandon(code);",
    to: "",
    unit: ["connection"],
  },
  {
    name: "an event is handled within another one",
    file: SHELL,
    from: "if (this.#queue.push([event, done]) > 1) return;",
    to: "if (this.#queue.push([event, done]) > 1) return this.#step(event), done?.(), void this.#queue.pop();",
    unit: ["connection"],
  },
  {
    name: "what a listener throws unwinds into the engine",
    file: "src/core/emitter.ts",
    from: "guard(onError, listener, event);",
    to: "listener(event);",
    unit: ["connection"],
  },
];

const LIVENESS: readonly Fault[] = [
  {
    name: "a pong is ignored",
    file: ENGINE,
    from: "this.#alive(ping ? this.#heartbeat?.seen() : this.#heartbeat?.answered());",
    to: "",
    unit: ["client", "heartbeat"],
  },
  {
    name: "a dead link is not dropped",
    file: HEARTBEAT,
    from: "this.#link.dead();",
    to: "",
    unit: ["heartbeat"],
  },
  {
    name: "a late timer kills a link that is well",
    file: HEARTBEAT,
    from: `if (late && this.#phase === "asked") {`,
    to: "if (this.#timeout < 0) {",
    unit: ["heartbeat"],
    simulator: { blind: "its pages hear what has arrived in the turn in which they wake, and that comes first" },
  },
  {
    name: "the timer of the heartbeat outlives the link",
    file: HEARTBEAT,
    from: "    this.#pingedAt = 0;\n    this.#cancel?.();",
    to: "    this.#pingedAt = 0;",
    unit: ["heartbeat"],
  },
  {
    name: "the deadline is not looked at on send",
    file: ENGINE,
    from: "if (this.#heartbeat?.overdue()) this.queue.hold();",
    to: "",
    unit: ["heartbeat"],
    simulator: { blind: "what is written too late is counted as unconfirmed, and that is true" },
  },
  {
    name: "frames are confirmed by what came before them",
    file: ENGINE,
    from: "if (!how) this.#unconfirmed = 0;",
    to: "this.#unconfirmed = 0;",
    unit: ["client"],
  },
];

const SENDING: readonly Fault[] = [
  {
    name: "the queue is flushed before the subscriptions",
    file: ENGINE,
    from: "    this.#calls?.subscriptions?.opened();\n    this.#calls?.rpc.opened();\n    this.queue.open();",
    to: "    this.queue.open();\n    this.#calls?.subscriptions?.opened();\n    this.#calls?.rpc.opened();",
    unit: ["client"],
  },
  {
    name: "a message overtakes the queue",
    file: OUTBOX,
    from: "return this.#open && this.#backlog.size === 0 && ",
    to: "return this.#open && ",
    unit: ["outbox"],
  },
  {
    name: "the newest of the queue is written first",
    file: BACKLOG,
    from: "      entry.queued = false;\n      const taken",
    to: "      while (entry.next) entry = entry.next;\n      entry.queued = false;\n      const taken",
    unit: ["outbox"],
  },
  {
    name: "what was written stays in the queue",
    file: BACKLOG,
    from: "      this.#take(entry);\n      if (taken)",
    to: "      if (this.size === 1) break;\n      this.#take(entry);\n      if (taken)",
    unit: ["outbox"],
  },
  {
    name: "a drop is told twice",
    file: BACKLOG,
    from: "    this.#sink.dropped(entry.data, reason);",
    to: "    this.#sink.dropped(entry.data, reason);\n    this.#sink.dropped(entry.data, reason);",
    unit: ["outbox"],
  },
  {
    name: "a replaced message is sent as well",
    file: BACKLOG,
    from: "if (replaced) this.#take(replaced);",
    to: "",
    unit: ["outbox"],
  },
  {
    name: "a message for this connection only goes to the next",
    file: OUTBOX,
    from: `this.#backlog.clear("connection");`,
    to: "",
    unit: ["outbox"],
  },
  {
    name: "back-pressure is ignored",
    file: OUTBOX,
    from: "return buffered === 0 || buffered < this.#highWater;",
    to: "return buffered >= 0;",
    unit: ["outbox"],
  },
  {
    name: "the bytes of what was taken out stay counted",
    file: BACKLOG,
    from: "this.bytes -= entry.bytes;",
    to: "",
    unit: ["outbox"],
  },
  {
    name: "a signal keeps its listener",
    file: BACKLOG,
    from: "entry.off?.();",
    to: "",
    unit: ["outbox"],
  },
];

const CALLING: readonly Fault[] = [
  {
    name: "a request that may run once is sent again",
    file: CALLS,
    from: "if (pending.again) pending.written = false;",
    to: "if (pending.id) pending.written = false;",
    unit: ["rpc"],
  },
  {
    name: "a queued request is written, and then flushed",
    file: CALLS,
    from: "if (pending.written || pending.unqueue) continue;",
    to: "if (pending.written) continue;",
    unit: ["rpc"],
  },
  {
    name: "a request has no deadline",
    file: CALLS,
    from: "    this.#deadlines.add(pending, timeout);\n",
    to: "    if (timeout < 0) this.#deadlines.add(pending, timeout);\n",
    unit: ["rpc"],
  },
  {
    name: "a request that was written is said to be unsent",
    file: CALLS,
    from: `    pending.written = pending.sent = true; // before`,
    to: `    pending.written = true; // before`,
    unit: ["rpc"],
  },
  {
    name: "an answer goes to the next link",
    file: "src/rpc/handlers.ts",
    from: "    this.#running.clear();\n",
    to: "",
    unit: ["rpc"],
  },
  {
    name: "requests are more than maxPending",
    file: CALLS,
    from: "this.#counted + pending.weight > maxPending",
    to: "this.#counted > maxPending",
    unit: ["rpc"],
  },
  {
    name: "a subscription is not renewed",
    file: SUBSCRIPTIONS,
    from: `this.#ask(topic, topic.asked > 0, "first");`,
    to: `if (topic.asked === 0) this.#ask(topic, false, "first");`,
    unit: ["subscriptions"],
  },
  {
    name: "a repeated event is delivered again",
    file: "src/subscriptions/topic.ts",
    from: `return "repeat";`,
    to: `return "next";`,
    unit: ["subscriptions"],
  },
  {
    name: "a listener that has left hears one more event",
    file: SUBSCRIPTIONS,
    from: "if (topic.sinks.has(sink)) sink.push(value);",
    to: "sink.push(value);",
    unit: ["subscriptions"],
  },
  {
    name: "a topic that nobody wants stays subscribed",
    file: SUBSCRIPTIONS,
    from: "if (topic.here) this.#leave(name, topic.params);",
    to: "",
    unit: ["subscriptions"],
  },
];

export const FAULTS: readonly Fault[] = [...CONNECTING, ...LIVENESS, ...SENDING, ...CALLING];

/** The source with the bug in it. @throws if the place is not there, or is not the only one */
export function put({ name, file, from, to }: Fault, text: string): string {
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`"${name}": its place is ${String(places)} times in ${file}, and has to be once`);
  return text.replace(from, () => to);
}
