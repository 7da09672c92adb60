import type { Clock } from "../core/clock.ts";
import { type StandardSchema, validate } from "../core/schema.ts";
import type { Dialect } from "../rpc/dialect.ts";
import type { RpcLink } from "../rpc/link.ts";
import { Rpc } from "../rpc/rpc.ts";
import { Subscriptions } from "../subscriptions/subscriptions.ts";
import type { Gap } from "../subscriptions/topic.ts";
import type { ClientOptions } from "./options.ts";

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
  clock: Clock,
  { rpc: options, schemas, maxTopics }: ClientOptions,
  onGap: (gap: Gap) => void,
): Calls {
  const rpc: Rpc = new Rpc(dialect, link, clock, options, {
    check: (method, value) => validate(schemaOf(schemas?.results, method), value, method),
    event: (topic, data) => subscriptions?.event(topic, data) === true,
  });
  const { subscribe } = dialect;
  const subscriptions =
    subscribe &&
    new Subscriptions(
      {
        subscribe: (topic, params, order) => rpc.call(subscribe.call(dialect, topic, params), {}, order),
        // A dialect without it has no way to leave a topic but to end the link.
        unsubscribe: (topic, params) =>
          dialect.unsubscribe ? rpc.call(dialect.unsubscribe(topic, params)) : Promise.resolve(),
        check: (topic, data) => validate(schemaOf(schemas?.topics, topic), data, topic),
        gap: onGap,
        report: link.report,
      },
      maxTopics,
    );
  return { rpc, subscriptions };
}

/** The own entry of that name: names come from the peer, and must not find what every object inherits. */
export function schemaOf(
  schemas: Readonly<Record<string, StandardSchema>> | undefined,
  name: string,
): StandardSchema | undefined {
  return schemas && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}
