// Checked by the compiler alone: `npm run typecheck`. A line under @ts-expect-error that compiles is an error.
import { expectTypeOf } from "vitest";
import type { CallContext, Client, RemoteError } from "../../src/index.ts";

interface Trade {
  readonly symbol: string;
  readonly price: number;
  readonly seq: number;
}

interface ChatMessage {
  readonly text: string;
}

interface Api {
  requests: {
    sum(params: { a: number; b: number }): number;
    time(): string;
    report(params?: { year: number }): Promise<readonly string[]>;
    nothing(params: readonly number[]): undefined;
  };
  streams: {
    history(params: { symbol: string }): Trade;
    ticks(): number;
  };
  notifications: {
    typing(params: { room: string }): void;
    leave(): void;
  };
  handlers: {
    confirm(params: { question: string }): boolean;
    now(): string;
  };
  topics: {
    trades: Trade;
    [topic: `trades:${string}`]: Trade;
    status: "up" | "down";
  };
  incoming: ChatMessage;
  outgoing: ChatMessage;
}

declare const client: Client<Api>;
declare const untyped: Client;
declare const signal: AbortSignal;

/** request() */
export function requests(): void {
  expectTypeOf(client.request("sum", { a: 1, b: 2 })).toEqualTypeOf<Promise<number>>();
  expectTypeOf(client.request("sum", { a: 1, b: 2 }, { timeout: 5, signal, idempotent: "yes" })).resolves.toBeNumber();
  expectTypeOf(client.request("time")).toEqualTypeOf<Promise<string>>();
  expectTypeOf(client.request("time", undefined, { timeout: 5 })).toEqualTypeOf<Promise<string>>();
  expectTypeOf(client.request("report")).toEqualTypeOf<Promise<readonly string[]>>();
  expectTypeOf(client.request("report", { year: 2026 })).toEqualTypeOf<Promise<readonly string[]>>();
  expectTypeOf(client.request("nothing", [1])).toEqualTypeOf<Promise<undefined>>();

  // @ts-expect-error -- there is no such method
  void client.request("product", { a: 1, b: 2 });
  // @ts-expect-error -- its params are missing
  void client.request("sum");
  // @ts-expect-error -- one of them is
  void client.request("sum", { a: 1 });
  // @ts-expect-error -- one is of another type
  void client.request("sum", { a: 1, b: "2" });
  // @ts-expect-error -- it takes none
  void client.request("time", { zone: "UTC" });
  // @ts-expect-error -- there is no such option
  void client.request("time", undefined, { retries: 3 });
  // @ts-expect-error -- a topic is no method
  void client.request("trades");
  // @ts-expect-error -- that is what a boolean parameter would have looked like
  void client.request("time", undefined, { idempotent: true });
}

/** stream() */
export async function streams(): Promise<void> {
  for await (const trade of client.stream("history", { symbol: "KELP" }, { buffer: 5, overflow: "drop-oldest" })) {
    expectTypeOf(trade).toEqualTypeOf<Trade>();
  }
  expectTypeOf(client.stream("ticks").next()).toEqualTypeOf<Promise<IteratorResult<number, undefined>>>();

  // @ts-expect-error -- a request does not stream
  client.stream("sum", { a: 1, b: 2 });
  // @ts-expect-error -- a stream is never sent again
  client.stream("ticks", undefined, { idempotent: "yes" });
  // @ts-expect-error -- its params are missing
  client.stream("history");
}

/** notify() */
export function notifications(): void {
  expectTypeOf(client.notify("typing", { room: "tea" })).toEqualTypeOf<"written" | "queued">();
  client.notify("leave");

  // @ts-expect-error -- there is no such notification
  client.notify("arrive");
  // @ts-expect-error -- its params are missing
  client.notify("typing");
  // @ts-expect-error -- it has no options
  client.notify("typing", { room: "tea" }, { timeout: 5 });
}

/** handle() */
export function handlers(): void {
  const off = client.handle("confirm", (params, context) => {
    expectTypeOf(params).toEqualTypeOf<{ question: string }>();
    expectTypeOf(context).toEqualTypeOf<CallContext>();
    expectTypeOf(context.signal).toExtend<AbortSignal>();
    return params.question.length > 0;
  });
  expectTypeOf(off).toEqualTypeOf<() => void>();
  client.handle("now", async () => Promise.resolve("now"));

  // @ts-expect-error -- there is no such method
  client.handle("sum", () => 3);
  // @ts-expect-error -- it answers something else
  client.handle("confirm", () => "yes");
}

/** subscribe() */
export async function topics(): Promise<void> {
  const trades = client.subscribe("trades", {
    params: ({ lastSequence, resubscribing }) => {
      expectTypeOf(lastSequence).toEqualTypeOf<number | undefined>();
      expectTypeOf(resubscribing).toBeBoolean();
      return { since: lastSequence };
    },
    sequence: (trade) => {
      expectTypeOf(trade).toEqualTypeOf<Trade>();
      return trade.seq;
    },
  });
  trades.listen((trade) => {
    expectTypeOf(trade).toEqualTypeOf<Trade>();
  });
  for await (const status of client.subscribe("status")) expectTypeOf(status).toEqualTypeOf<"up" | "down">();
  expectTypeOf(client.subscribe("trades:KELP").topic).toBeString();
  client.subscribe("trades:KELP").listen(({ price }) => {
    expectTypeOf(price).toBeNumber();
  });

  // @ts-expect-error -- there is no such topic
  client.subscribe("weather");
  // @ts-expect-error -- a sequence is a number
  client.subscribe("trades", { sequence: ({ symbol }) => symbol });
  // @ts-expect-error -- there is no such policy
  client.subscribe("trades", { overflow: "block" });
}

/** send() and on() */
export function messages(): void {
  expectTypeOf(client.send({ text: "hello" }, { ttl: 5, key: "k", scope: "connection", signal })).toEqualTypeOf<
    "written" | "queued"
  >();
  const off = client.on("message", (message) => {
    expectTypeOf(message).toEqualTypeOf<ChatMessage>();
  });
  expectTypeOf(off).toEqualTypeOf<() => void>();
  client.on("unconfirmed", ({ count }) => {
    expectTypeOf(count).toBeNumber();
  });
  client.on("error", (error) => {
    expectTypeOf(error.cause).toBeUnknown();
    expectTypeOf<"BAD_FRAME">().toExtend<typeof error.code>();
  });
  expectTypeOf<RemoteError["remoteCode"]>().toEqualTypeOf<number | string | undefined>();

  // @ts-expect-error -- that is no message of this API
  client.send("hello");
  // @ts-expect-error -- there is no such event
  client.on("open", () => undefined);
  // @ts-expect-error -- there is no such policy
  client.send({ text: "hello" }, { scope: "session" });
}

/** What an API leaves out, or all of it without one, is untyped. */
export function withoutTypes(): void {
  expectTypeOf(untyped.request("anything", { at: "all" })).toEqualTypeOf<Promise<unknown>>();
  expectTypeOf(untyped.request("anything")).toEqualTypeOf<Promise<unknown>>();
  untyped.send({ anything: true });
  untyped.notify("anything", 1);
  untyped.subscribe("anything").listen((data) => {
    expectTypeOf(data).toBeUnknown();
  });
  untyped.on("message", (message) => {
    expectTypeOf(message).toBeUnknown();
  });
  untyped.handle("anything", (params) => {
    expectTypeOf(params).toBeUnknown();
    return 1;
  });
}
