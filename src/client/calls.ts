import { systemClock } from "../core/clock.ts";
import { ask } from "../core/guard.ts";
import { type StandardSchema, validate } from "../core/schema.ts";
import type { Dialect } from "../rpc/dialect.ts";
import type { RpcLink } from "../rpc/link.ts";
import { Rpc } from "../rpc/rpc.ts";
import { Subscriptions } from "../subscriptions/subscriptions.ts";
import type { Gap } from "../subscriptions/topic.ts";
import type { ClientOptions } from "./options.ts";

type Schemas = Readonly<Record<string, StandardSchema>> | undefined;

/** What there is of calls in a client. */
export interface Calls {
  readonly rpc: Rpc;
  /** Absent: the dialect has none. */
  readonly subscriptions: Subscriptions | undefined;
}

/** Requests and subscriptions, wired to each other: a subscription is made by a call, and its events come out of rpc. */
export function makeCalls(
  dialect: Dialect,
  link: RpcLink,
  { rpc: options, schemas, maxTopics, clock = systemClock }: ClientOptions,
  onGap: (gap: Gap) => void,
  onMessage: (message: unknown) => void,
): Calls {
  const rpc: Rpc = new Rpc(dialect, link, clock, options, {
    result: (method, value) => check(schemas?.results, method, value),
    params: (method, value) => check(schemas?.params, method, value),
    event: (topic, data) => subscriptions?.event(topic, data) === true,
    message: onMessage,
  });
  const { subscribe } = dialect;
  // A request that is given up soon is the application's wish. These are made again, and answers to older ones are not looked at.
  const patient = { timeout: Math.max(options?.timeout ?? 0, 30_000) };
  const subscriptions =
    subscribe &&
    new Subscriptions(
      {
        subscribe: (topic, params, order) => rpc.call(subscribe.call(dialect, topic, params), patient, order),
        // A dialect without it has no way to leave a topic but to end the link.
        unsubscribe: (topic, params) => {
          const call = ask(link.report, "dialect.unsubscribe", () => dialect.unsubscribe?.(topic, params));
          return call ? rpc.call(call, patient) : Promise.resolve();
        },
        check: (topic, data) => check(schemas?.topics, topic, data),
        gap: onGap,
        report: link.report,
      },
      maxTopics,
    );
  return { rpc, subscriptions };
}

/** What the own schema of that name makes of a value: names come from the peer, and must not find what every object inherits. */
function check(schemas: Schemas, name: string, value: unknown): unknown {
  return validate(schemas && Object.hasOwn(schemas, name) ? schemas[name] : undefined, value, name);
}
