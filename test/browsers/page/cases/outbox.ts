import type { Case } from "../case.ts";
import { ensure, Probe, same, until } from "../probe.ts";

export const outbox: readonly Case[] = [
  [
    "delivers what was sent while the server was away, once and in order",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url, dialect: "raw", heartbeat: "off" });
      await world.do({ do: "stop" });
      await probe.failed("CONNECTION_LOST");
      const texts = ["one", "two", "three", "four", "five"];
      for (const text of texts) same(probe.client.send(text), "queued", "send");
      same(probe.client.queue.size, 5, "queue");
      await world.do({ do: "restart" });
      same(await probe.heard(5), texts, "echoes");
      same(
        (await world.seen()).messages.map(({ text }) => text),
        texts,
        "messages at the server",
      );
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "says how many messages a dead link took with it, and sends none of them twice",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url });
      await world.do({ do: "blackhole" });
      for (const text of ["a", "b", "c"]) same(probe.client.send(text), "written", "send");
      await probe.failed("HEARTBEAT_TIMEOUT");
      const [count = 0] = probe.unconfirmed;
      ensure(count >= 3, `${String(count)} unconfirmed messages`);
      probe.client.send("d");
      await world.do({ do: "heal" });
      await until(
        async () => (await world.seen()).messages.some(({ text }) => text === '"d"'),
        () => "the message that was queued",
      );
      // What was in the network's buffers may arrive after all, and once.
      const texts = (await world.seen()).messages.map(({ text }) => text);
      same(new Set(texts).size, texts.length, "messages that came twice");
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "drops what has expired or was taken back, and sends the rest",
    async ({ holdfast, world }) => {
      await world.do({ do: "stop" });
      const probe = new Probe(holdfast, { url: world.url, dialect: "raw" });
      void probe.client.connect();
      const controller = new AbortController();
      const ends: string[] = [];
      const settled = (outcome: string): unknown => ends.push(outcome);
      probe.client.send("expires", { ttl: 20, settled });
      probe.client.send("old", { key: "price", settled });
      probe.client.send("new", { key: "price", settled });
      probe.client.send("aborted", { signal: controller.signal, settled });
      controller.abort();
      await until(
        () => ends.includes("expired"),
        () => `an expiry; saw ${ends.join(", ")}`,
      );
      await world.do({ do: "restart" });
      same(await probe.heard(1), ["new"], "echoes");
      same(ends.toSorted(), ["aborted", "expired", "replaced", "written"], "outcomes");
      await probe.client.close();
      return undefined;
    },
  ],
];
