import type { Case } from "../case.ts";
import { ensure, Probe, rejection, same, until } from "../probe.ts";

interface Api {
  requests: { sum(params: { a: number; b: number }): number };
}

export const calls: readonly Case[] = [
  [
    "asks and is answered; an error of the server is one here",
    async ({ holdfast, world }) => {
      const client = holdfast.createClient<Api>({ url: world.url });
      const asked = client.connect().then(() => client.request("sum", { a: 1, b: 2 }));
      same(await asked, 3, "sum");
      await client.close();
      const { client: untyped } = await Probe.open(holdfast, { url: world.url });
      const error = await rejection(untyped.request("fail"));
      ensure(error instanceof holdfast.RemoteError, "a RemoteError");
      same(error, { name: "RemoteError", code: "REMOTE_ERROR", remoteCode: -32050, data: { pot: "empty" } }, "error");
      await untyped.close();
      return undefined;
    },
  ],
  [
    "answers a call of the server",
    async ({ holdfast, world }) => {
      const { client } = await Probe.open(holdfast, { url: world.url });
      client.handle("confirm", (params) => ({ sure: true, params }));
      same(await client.request("ask-me"), { sure: true, params: { question: "Sure?" } }, "answer");
      await client.close();
      return undefined;
    },
  ],
  [
    "reads a streamed answer, and tells the server when it leaves early",
    async ({ holdfast, world }) => {
      const { client } = await Probe.open(holdfast, { url: world.url });
      const values: unknown[] = [];
      for await (const value of client.stream("countdown", { from: 3 })) values.push(value);
      same(values, [3, 2, 1], "values");
      for await (const value of client.stream("countdown", { from: 3, open: true })) if (value === 2) break;
      await until(
        async () => (await world.seen()).calls.some(({ method }) => method === "$/cancelRequest"),
        () => "the cancellation",
      );
      await client.close();
      return undefined;
    },
  ],
  [
    "settles what a lost link leaves open: unknown, or asked again with the same id",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url });
      const once = rejection(probe.client.request("never"));
      const twice = probe.client.request("second-time", undefined, { idempotent: "yes" });
      await until(
        async () => (await world.seen()).calls.filter(({ method }) => method !== "ping").length === 2,
        () => "both calls",
      );
      await world.do({ do: "rst" });
      same((await once).code, "OUTCOME_UNKNOWN", "the one that may run once only");
      same(await twice, 2, "the one that may run twice, answered on the second link");
      const asked = (await world.seen()).calls.filter(({ method }) => method === "second-time");
      same(
        asked.map(({ connection, id }) => [connection, id === asked[0]?.id]),
        [
          [1, true],
          [2, true],
        ],
        "its calls",
      );
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "times a request out, queue and dial included",
    async ({ holdfast, world }) => {
      await world.do({ do: "answer", mode: { name: "stall" } });
      const probe = new Probe(holdfast, { url: world.url });
      void probe.client.connect();
      const began = performance.now();
      const { code } = await rejection(probe.client.request("sum", { a: 1, b: 2 }, { timeout: 100 }));
      const ms = performance.now() - began;
      same(code, "TIMEOUT", "code");
      await probe.client.close();
      return ms;
    },
  ],
  [
    "keeps a topic across a lost link, with no event lost and none twice",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url });
      const numbers: number[] = [];
      const ticks = probe.client.subscribe("ticks", {
        params: ({ lastSequence }: { readonly lastSequence?: number }) => ({ since: lastSequence }),
        sequence: (data) => (data as { readonly seq: number }).seq, // what the topic carries
      });
      ticks.listen((data) => numbers.push((data as { readonly seq: number }).seq));
      const reach = (count: number): Promise<void> =>
        until(
          () => numbers.length >= count,
          () => `${String(count)} events; saw ${String(numbers.length)}`,
        );
      await reach(5);
      await world.do({ do: "rst" });
      await probe.opened(2);
      await reach(numbers.length + 10);
      const [first = 0] = numbers;
      same(
        numbers,
        numbers.map((_, index) => first + index),
        "sequence",
      );
      ticks.close();
      await until(
        async () => (await world.seen()).calls.some(({ method }) => method === "unsubscribe"),
        () => "the end of the subscription",
      );
      await probe.client.close();
      return undefined;
    },
  ],
];
