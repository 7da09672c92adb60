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
  dials: "a new attempt begins, with an epoch of its own",
  abandons: "the socket is let go of in the same tick, and heard no more",
  forgets: "the count of failures starts again at 0, and the last cause is forgotten",
  counts: "one more failure is counted",
  calms: "the link is stable: the next failure is the first again",
  probes: "the link is asked for a sign of life",
  hurries: "if the coming attempt fails, the one after it comes soon",
} as const;

export type Effect = keyof typeof EFFECTS;

export interface Transition {
  readonly from: readonly StateName[];
  readonly on: EventName;
  readonly to: StateName;
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

export const CONNECTING: readonly StateName[] = ["resolve", "dial", "handshake"];
const LINKED: readonly StateName[] = [...CONNECTING, "open"];
const WAITING: readonly StateName[] = ["waiting", "offline"];

const ONLINE = "the platform says that it is online";
const OFFLINE = "the platform says that it is offline";
const STOP = "the retry policy says stop";
const SOON = "the wait would end later, or should have ended before now";

/** Whatever is not listed changes nothing. */
export const TRANSITIONS: readonly Transition[] = [
  { on: "connect", from: ["idle", "closed"], to: "resolve", does: ["dials", "forgets"] },
  { on: "connect", from: WAITING, to: "resolve", does: ["dials"] },
  { on: "connect", from: ["closing"], to: "resolve", does: ["abandons", "dials", "forgets"] },

  { on: "reconnect", from: ["idle", "closed", ...WAITING], to: "resolve", does: ["dials", "forgets"] },
  { on: "reconnect", from: [...LINKED, "closing"], to: "resolve", does: ["abandons", "dials", "forgets"] },

  { on: "close", from: ["idle", ...WAITING], to: "closed" },
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
  { on: "timer", from: ["open"], to: "open", does: ["calms"] },
  { on: "timer", from: WAITING, to: "resolve", does: ["dials"] },
  { on: "timer", from: ["closing"], to: "closed", does: ["abandons"] },

  { on: "online", from: CONNECTING, to: "connecting" as StateName, does: ["hurries"] },
];
