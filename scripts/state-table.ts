// What a connection does, as data: docs/state-machine.md is generated from it, and the model test allows nothing else.

/** The states of the machine. The three phases of `connecting` count as states of their own. */
export const STATES = [
  "idle",
  "resolve",
  "dial",
  "handshake",
  "open",
  "waiting",
  "offline",
  "closing",
  "closed",
] as const;

export type StateName = (typeof STATES)[number];

/** The events of the machine, with what each means. */
export const EVENTS = {
  connect: "`connect()`",
  reconnect: "`reconnect()`",
  close: "`close()`",
  resolved: "the providers have answered",
  opened: "the socket has opened",
  ready: "the handshake is done",
  ended: "the attempt failed or the link was lost; `drop()`",
  timer: "the timer of the state",
  online: "the platform found a network",
  offline: "the platform lost its network",
  wake: "the page may have slept",
  suspend: "the page is being left",
} as const;

export type EventName = keyof typeof EVENTS;

/** What a transition does besides changing the state. */
export const EFFECTS = {
  dials: "a new attempt begins, under a number of its own (its epoch)",
  abandons:
    "the attempt is let go of in the same tick: its socket is heard no more, its providers' `signal` is aborted",
  forgets: "the failures and their cause are forgotten",
  counts: "one more failure is counted",
  calms: "the link is stable: the count of failures starts again at 0",
  probes: "the link is asked for a sign of life",
  hurries: "if the coming attempt fails, the one after it comes within 2 s",
  reschedules: "the next attempt gets another time",
} as const;

export type Effect = keyof typeof EFFECTS;

export interface Transition {
  readonly on: EventName;
  readonly from: readonly StateName[];
  readonly to: StateName | "same";
  readonly does?: readonly Effect[];
  /** Under which condition, where the same event can lead elsewhere. */
  readonly when?: string;
}

/** The name of the timer that a state arms when it is entered; it dies with the state. */
export const TIMERS: Readonly<Partial<Record<StateName, "connect" | "stable" | "retry" | "close">>> = {
  resolve: "connect",
  dial: "connect",
  handshake: "connect",
  open: "stable",
  waiting: "retry",
  offline: "retry",
  closing: "close",
};

/** States that are drawn as one. */
export const GROUPS = {
  connecting: ["resolve", "dial", "handshake"],
  between: ["waiting", "offline"],
} as const satisfies Readonly<Record<string, readonly StateName[]>>;

const CONNECTING = GROUPS.connecting;
const BETWEEN = GROUPS.between;
const LINKED = [...CONNECTING, "open"] as const;

const ONLINE = "the platform is online";
const OFFLINE = "the platform is offline";
const STOP = "the retry policy says stop";
const KEPT = "the next attempt comes sooner anyway";
const LATER = "the next attempt would come later, or should have come already";

/** Whatever is not listed changes nothing: of the platform's opinion it is noted, and that is all. */
export const TRANSITIONS: readonly Transition[] = [
  { on: "connect", from: ["idle", "closed"], to: "resolve", does: ["dials", "forgets"] },
  { on: "connect", from: BETWEEN, to: "resolve", does: ["dials"] },
  { on: "connect", from: ["closing"], to: "resolve", does: ["abandons", "dials", "forgets"] },

  { on: "reconnect", from: ["idle", "closed", ...BETWEEN], to: "resolve", does: ["dials", "forgets"] },
  { on: "reconnect", from: [...LINKED, "closing"], to: "resolve", does: ["abandons", "dials", "forgets"] },

  { on: "close", from: ["idle", ...BETWEEN], to: "closed" },
  { on: "close", from: CONNECTING, to: "closed", does: ["abandons"] },
  { on: "close", from: ["open"], to: "closing" },

  { on: "resolved", from: ["resolve"], to: "dial" },
  { on: "opened", from: ["dial"], to: "handshake", when: "there is a handshake" },
  { on: "opened", from: ["dial"], to: "open", when: "there is none" },
  { on: "ready", from: ["handshake"], to: "open" },

  { on: "ended", from: LINKED, to: "waiting", does: ["abandons", "counts"], when: ONLINE },
  { on: "ended", from: LINKED, to: "offline", does: ["abandons", "counts"], when: OFFLINE },
  { on: "ended", from: LINKED, to: "closed", does: ["abandons"], when: STOP },
  { on: "ended", from: ["closing"], to: "closed", does: ["abandons"] },

  { on: "timer", from: CONNECTING, to: "waiting", does: ["abandons", "counts"], when: ONLINE },
  { on: "timer", from: CONNECTING, to: "offline", does: ["abandons", "counts"], when: OFFLINE },
  { on: "timer", from: CONNECTING, to: "closed", does: ["abandons"], when: STOP },
  { on: "timer", from: ["open"], to: "same", does: ["calms"] },
  { on: "timer", from: BETWEEN, to: "resolve", does: ["dials"] },
  { on: "timer", from: ["closing"], to: "closed", does: ["abandons"] },

  { on: "online", from: CONNECTING, to: "same", does: ["hurries"] },
  { on: "online", from: ["open"], to: "same", does: ["probes"] },
  { on: "online", from: BETWEEN, to: "waiting", does: ["hurries"], when: KEPT },
  { on: "online", from: BETWEEN, to: "waiting", does: ["hurries", "reschedules"], when: LATER },

  { on: "offline", from: ["open"], to: "same", does: ["probes"] },
  { on: "offline", from: ["waiting"], to: "offline" },

  { on: "wake", from: CONNECTING, to: "same", does: ["hurries"] },
  { on: "wake", from: ["open"], to: "same", does: ["probes"] },
  { on: "wake", from: BETWEEN, to: "same", does: ["hurries"], when: KEPT },
  { on: "wake", from: BETWEEN, to: "same", does: ["hurries", "reschedules"], when: LATER },

  { on: "suspend", from: LINKED, to: "waiting", does: ["abandons"], when: ONLINE },
  { on: "suspend", from: LINKED, to: "offline", does: ["abandons"], when: OFFLINE },
];
