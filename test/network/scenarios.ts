import type { ErrorCode } from "holdfast";
import type { ClientPlan } from "./messages.ts";
import { ADDRESS, Namespaces, type Rule } from "./namespaces.ts";
import type { Run } from "./run.ts";

type Options = ClientPlan["options"];

/** How long the heartbeat waits for an answer. */
export const TIMEOUT = { defaults: 5_000, quick: 1_000 } as const;

/** What the client is told: nothing, or to be quicker, so that a scenario takes seconds. */
export const SETTINGS: Readonly<Record<"defaults" | "quick", Options>> = {
  defaults: {},
  quick: {
    heartbeat: { interval: 1_000, timeout: TIMEOUT.quick },
    connectTimeout: 2_000,
    backoff: { min: 100, base: 500, max: 2_000 },
  },
};

/** A trouble of the network, and what has to come of it. */
export interface Scenario {
  /** How the table calls it. */
  readonly name: string;
  readonly setting: keyof typeof SETTINGS;
  /** How long it lasts, in ms. */
  readonly lasts: number;
  /** @default joined by a fast link */
  readonly join?: () => Promise<Namespaces>;
  /** In ms. @default next to nothing */
  readonly roundTrip?: number;
  readonly begin: (run: Run) => Promise<void> | void;
  readonly end: (run: Run) => Promise<void> | void;
  /** When and as what the client must have noticed; absent: the link must survive it, and nothing be lost. */
  readonly noticed?: { readonly within: number; readonly as: ErrorCode };
  /** So long after the end, in ms, messages must be confirmed again. */
  readonly back: number;
}

/** How much later than planned things may happen on a busy machine, in ms. */
const SLACK = 1_000;

const SILENCE = {
  quick: { within: 2_000 + SLACK, as: "HEARTBEAT_TIMEOUT" },
  defaults: { within: 20_000 + SLACK, as: "HEARTBEAT_TIMEOUT" },
} as const;
const AT_ONCE = { within: 100 + SLACK, as: "CONNECTION_LOST" } as const;

/** An attempt that hangs, and the longest wait after it. */
const BACK = { quick: 2_000 + 2_000 + SLACK, defaults: 10_000 + 30_000 + SLACK };

/** Firewall rules for the time of the trouble. */
function rules(all: readonly Rule[], also: Scenario["begin"] = () => undefined): Pick<Scenario, "begin" | "end"> {
  return {
    begin: async (run) => {
      for (const rule of all) await run.spaces.rule("add", rule);
      await also(run);
    },
    end: async ({ spaces }) => {
      for (const rule of all) await spaces.rule("remove", rule);
    },
  };
}

function dropping(...chains: readonly Rule["chain"][]): Pick<Scenario, "begin" | "end"> {
  return rules(chains.map((chain) => ({ where: "client", chain, rule: ["-j", "DROP"] })));
}

/** As a box in the middle does it. */
const RESET: Rule = {
  where: "server",
  chain: "INPUT",
  rule: ["-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset"],
};
const NO_SYN: Rule = { where: "client", chain: "OUTPUT", rule: ["-p", "tcp", "--syn", "-j", "DROP"] };

const killed = (run: Run): Promise<void> => run.spaces.killConnections(run.port);
const stopped: Pick<Scenario, "begin" | "end"> = {
  begin: ({ server }) => void server.kill("SIGSTOP"),
  end: ({ server }) => void server.kill("SIGCONT"),
};
const nothing = (): void => undefined;

/** 300 ms there and back, and so many of a hundred packets lost. */
const far = (percent: number): Pick<Scenario, "join" | "roundTrip"> => ({
  join: () => Namespaces.lossy(150, percent),
  roundTrip: 300,
});

const quick = { setting: "quick", back: BACK.quick } as const;
const defaults = { setting: "defaults", back: BACK.defaults } as const;

/** The long ones stand first, so that the others run beside them. */
export const SCENARIOS: readonly Scenario[] = [
  { ...defaults, name: "the server is stopped", lasts: 60_000, ...stopped, noticed: SILENCE.defaults },
  { ...defaults, name: "the server is stopped", lasts: 5_000, ...stopped },
  { ...quick, name: "the server is stopped", lasts: 5_000, ...stopped, noticed: SILENCE.quick },
  {
    ...defaults,
    name: "5 % of the packets lost, 300 ms there and back",
    lasts: 20_000,
    ...far(5),
    begin: nothing,
    end: nothing,
  },
  {
    ...quick,
    name: "a slow line (4 Mbit/s), and a message of 4 MB to the server",
    lasts: 6_000,
    join: () => Namespaces.narrow(4),
    begin: (run) => run.parcel("client", 4_000_000),
    end: nothing,
  },
  {
    ...quick,
    name: "a slow line (4 Mbit/s), and a message of 4 MB from the server",
    lasts: 6_000,
    join: () => Namespaces.narrow(4),
    begin: (run) => run.parcel("server", 4_000_000),
    end: nothing,
  },
  {
    ...quick,
    name: "packets are dropped both ways, 300 ms there and back",
    lasts: 5_000,
    ...far(0),
    ...dropping("INPUT", "OUTPUT"),
    noticed: SILENCE.quick,
  },
  {
    ...quick,
    name: "packets to the server are dropped",
    lasts: 5_000,
    ...dropping("OUTPUT"),
    noticed: SILENCE.quick,
  },
  {
    ...quick,
    name: "packets from the server are dropped",
    lasts: 5_000,
    ...dropping("INPUT"),
    noticed: SILENCE.quick,
  },
  {
    ...quick,
    name: "packets are dropped both ways",
    lasts: 5_000,
    ...dropping("INPUT", "OUTPUT"),
    noticed: SILENCE.quick,
  },
  { ...defaults, name: "packets are dropped both ways", lasts: 5_000, ...dropping("INPUT", "OUTPUT") },
  {
    ...defaults,
    name: "packets are dropped both ways",
    lasts: 30_000,
    ...dropping("INPUT", "OUTPUT"),
    noticed: SILENCE.defaults,
  },
  {
    ...quick,
    name: "the interface goes down, and comes back with another address",
    lasts: 3_000,
    begin: ({ spaces }) => spaces.link("down"),
    end: ({ spaces }) => spaces.link("up", ADDRESS.moved),
    noticed: SILENCE.quick,
  },
  { ...quick, name: "both ends get a reset", lasts: 0, begin: killed, end: nothing, noticed: AT_ONCE },
  {
    ...quick,
    name: "both ends get a reset, 300 ms there and back",
    lasts: 0,
    ...far(0),
    begin: killed,
    end: nothing,
    noticed: AT_ONCE,
  },
  {
    ...quick,
    name: "the client gets a reset for every packet, the server nothing",
    lasts: 2_000,
    ...rules([RESET]),
    noticed: AT_ONCE,
  },
  {
    ...quick,
    name: "a reset, and then nobody answers a SYN",
    lasts: 6_000,
    ...rules([NO_SYN], killed),
    noticed: AT_ONCE,
  },
];
