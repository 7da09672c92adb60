import type { Case } from "../case.ts";
import { elapse, ensure, Probe, same, until } from "../probe.ts";

export const closing: readonly Case[] = [
  [
    "closes with the code and reason that were asked for",
    async ({ holdfast, world }) => {
      const { client } = await Probe.open(holdfast, { url: world.url });
      const began = performance.now();
      await client.close(4_321, "enough");
      const ms = performance.now() - began;
      await until(
        async () => (await world.seen()).closes.length > 0,
        () => "the server to see it",
      );
      const { closes, dials } = await world.seen();
      same(
        closes.map(({ code, reason }) => [code, reason]),
        [[4_321, "enough"]],
        "what the server saw",
      );
      await elapse(300); // longer than any wait of these options
      same((await world.seen()).dials, dials, "dials after the close");
      return ms;
    },
  ],
  [
    "closes in time when the server does not answer",
    async ({ holdfast, world }) => {
      const { client } = await Probe.open(holdfast, { url: world.url, heartbeat: "off" });
      await world.do({ do: "blackhole" });
      const began = performance.now();
      await client.close();
      const ms = performance.now() - began;
      same(client.state, { name: "closed" }, "state");
      ensure(ms < 1_500, `it took ${ms.toFixed(0)} ms`);
      return ms;
    },
  ],
  [
    "closes at once while it dials; a link that opens all the same is let go of",
    async ({ holdfast, world }) => {
      await world.do({ do: "blackhole" });
      const probe = new Probe(holdfast, { url: world.url });
      void probe.client.connect();
      await until(
        () => probe.names.includes("dial"),
        () => "the dial",
      );
      await probe.client.close();
      await world.do({ do: "heal" });
      await elapse(300); // time in which the upgrade could come through
      await until(
        async () => (await world.seen()).connections === 0,
        () => "the socket to go away",
      );
      same(probe.names, ["resolve", "dial", "closed"], "states");
      return undefined;
    },
  ],
  [
    "comes back with connect() after close(), with the same listeners",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url, dialect: "raw" });
      await probe.client.close();
      await probe.client.connect();
      probe.client.send("again");
      same(await probe.heard(1), ["again"], "echo");
      await probe.client.close();
      return undefined;
    },
  ],
];
