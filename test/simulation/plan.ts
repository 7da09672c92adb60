import type { ClientHeartbeatOptions, ClientOptions } from "../../src/client/options.ts";
import type { BackoffOptions } from "../../src/connection/backoff.ts";
import type { RetryContext, RetryPolicy, RetryVerdict } from "../../src/connection/retry.ts";
import type { Random } from "../../src/core/random.ts";
import type { OutboxOptions } from "../../src/outbox/options.ts";
import type { RpcOptions } from "../../src/rpc/options.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { Mischief, type Frame } from "./frames.ts";
import type { Complete } from "../support/complete.ts";

/** What one client is told, and what its checks have to know about that. */
export interface Plan {
  readonly heartbeat: ClientHeartbeatOptions | "off" | undefined;
  /** How the peer can be asked for a sign of life. */
  readonly asks: "protocol" | "message" | "call" | "expects" | "cannot";
  readonly interval: number;
  readonly timeout: number;
  readonly pings: "answer" | "absent";
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  readonly stableAfter: number;
  readonly backoff: BackoffOptions;
  readonly retry: RetryPolicy | undefined;
  readonly outbox: Complete<Omit<OutboxOptions, "lowWater">>;
  readonly rpc: Complete<RpcOptions>;
  readonly maxTopics: number;
  readonly handshake: "none" | "auth" | "slow auth";
  readonly url: "plain" | "function" | "slow" | "shaky";
  readonly delivery: "task" | "sync";
}

/** No wait between two attempts is longer. */
export function longestWait({ backoff: { min = 300, max = 30_000 }, retry }: Plan): number {
  return Math.max(min, max, retry ? LONGEST_VERDICT : 0);
}

const LONGEST_VERDICT = 20_000;

/** The options of one client, drawn so that the extreme ones meet often. */
export function drawPlan(random: Random): Plan {
  const delivery = chance(random, 0.04) ? "sync" : "task";
  return {
    ...drawHeartbeat(random),
    connectTimeout: pick(random, [3_000, 10_000, 20_000]),
    closeTimeout: pick(random, [500, 2_000]),
    stableAfter: pick(random, [1_000, 5_000, 30_000]),
    backoff: drawBackoff(random),
    retry: drawRetry(random),
    outbox: {
      maxCount: pick(random, [3, 20, 10_000]),
      maxBytes: pick(random, [400, 5_000, 1 << 24]),
      overflow: pick(random, ["reject", "drop-oldest", "drop-newest"]),
      highWater: pick(random, [0, 200, 2_000, 1 << 20]),
      ttl: pick(random, [Infinity, 5_000, 60_000]),
    },
    rpc: {
      timeout: pick(random, [2_000, 10_000, 30_000]),
      maxPending: pick(random, [5, 50, 10_000]),
      maxRunning: pick(random, [2, 1_000]),
      idempotent: chance(random, 0.5) ? ["get"] : [],
    },
    maxTopics: pick(random, [2, 10_000]),
    handshake: pick(random, ["none", "none", "auth", "slow auth"]),
    url: pick(random, ["plain", "plain", "function", "slow", "shaky"]),
    delivery,
  };
}

/** The options as the client takes them, but for those that the page and the network provide. */
export function clientOptions(plan: Plan): Omit<ClientOptions, "url"> {
  const { heartbeat, connectTimeout, closeTimeout, stableAfter, backoff, retry, outbox, rpc, maxTopics } = plan;
  return {
    connectTimeout,
    closeTimeout,
    stableAfter,
    backoff,
    outbox,
    rpc,
    maxTopics,
    ...(heartbeat && { heartbeat }),
    ...(retry && { retry }),
  };
}

function drawHeartbeat(random: Random): Pick<Plan, "heartbeat" | "asks" | "interval" | "timeout" | "pings"> {
  const interval = pick(random, [5_000, 15_000, 30_000]);
  const timeout = pick(random, [2_000, 5_000]);
  const own = { interval, timeout };
  const sign = { message: { sign: "ping" } };
  const pong = (message: unknown): boolean => (message as Frame | null)?.sign === "pong"; // any frame may come
  switch (integer(random, 0, 7)) {
    case 0:
      return { heartbeat: "off", asks: "cannot", pings: "answer", ...own };
    case 1:
      return { heartbeat: undefined, asks: "protocol", pings: "answer", interval: 15_000, timeout: 5_000 };
    case 2:
      return { heartbeat: undefined, asks: "cannot", pings: "absent", interval: 15_000, timeout: 5_000 };
    case 3:
      return { heartbeat: own, asks: "protocol", pings: "answer", ...own };
    case 4:
      return { heartbeat: own, asks: "call", pings: "absent", ...own };
    case 5:
      return { heartbeat: { ...own, ping: "expect" }, asks: "expects", pings: "absent", ...own };
    case 6:
      return { heartbeat: { ...own, ping: sign, pong }, asks: "message", pings: "absent", ...own };
    default:
      return { heartbeat: { ...own, ping: () => sign.message, pong }, asks: "message", pings: "answer", ...own };
  }
}

function drawBackoff(random: Random): BackoffOptions {
  if (chance(random, 0.3)) return {};
  return {
    min: pick(random, [100, 300, 1_000]),
    base: pick(random, [500, 3_000, 10_000]),
    factor: pick(random, [1.5, 2, 4, Infinity]),
    max: pick(random, [1_000, 30_000, 60_000]),
  };
}

/** Policies that answer, that answer nonsense, and that throw. */
function drawRetry(random: Random): RetryPolicy | undefined {
  if (chance(random, 0.6)) return undefined;
  const verdicts: readonly (() => RetryVerdict)[] = [
    () => undefined,
    () => 0,
    () => integer(random, 0, LONGEST_VERDICT),
    () => "refresh",
    () => -1,
    () => NaN,
    () => {
      throw new Mischief("retry");
    },
  ];
  const chosen = [pick(random, verdicts), pick(random, verdicts)];
  return ({ code }: RetryContext): RetryVerdict => (code === 4_000 ? "stop" : pick(random, chosen)());
}
