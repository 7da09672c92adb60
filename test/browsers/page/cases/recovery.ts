import type { Case, Setting } from "../case.ts";
import type { Command } from "../protocol.ts";
import { ensure, Probe, QUICK, same, until } from "../probe.ts";

/** An open link is lost by `command`; it comes back, and carries messages. Answers how long it was away. */
async function lostBy({ holdfast, world }: Setting, command: Command): Promise<number> {
  const probe = await Probe.open(holdfast, { url: world.url, dialect: "raw", heartbeat: "off" });
  const began = performance.now();
  await world.do(command);
  await probe.opened(2);
  const ms = performance.now() - began;
  probe.client.send("still here");
  same(await probe.heard(1), ["still here"], "echo");
  const { opened, maxLive } = await world.seen();
  same({ opened, maxLive }, { opened: 2, maxLive: 1 }, "links that the server saw");
  await probe.client.close();
  return ms;
}

export const recovery: readonly Case[] = [
  ["comes back when the server is killed", (setting) => lostBy(setting, { do: "kill" })],
  ["comes back when the network resets the link", (setting) => lostBy(setting, { do: "rst" })],
  ["comes back when TCP ends without a goodbye", (setting) => lostBy(setting, { do: "fin" })],
  [
    "comes back when the server says that it goes away",
    (setting) => lostBy(setting, { do: "close", code: 1001, reason: "" }),
  ],
  [
    "notices a link that stalls, gives it up in the same turn, and comes back when the network does",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url });
      await world.do({ do: "blackhole" });
      await world.do({ do: "say", text: '"too late"' });
      const began = performance.now();
      await probe.failed("HEARTBEAT_TIMEOUT");
      const ms = performance.now() - began;
      const { interval, timeout } = QUICK.heartbeat;
      ensure(ms < interval + timeout + 1_000, `noticed after ${ms.toFixed(0)} ms`);
      await world.do({ do: "heal" });
      await probe.opened(2);
      same(await probe.client.request("sum", { a: 1, b: 2 }), 3, "sum");
      same(probe.messages, [], "messages of the link that was given up");
      await probe.client.close();
      return ms;
    },
  ],
  [
    "keeps trying while connections are refused, and is back when they are not",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.directUrl });
      await world.do({ do: "stop" });
      await until(
        () => probe.causes.filter(({ code }) => code === "DIAL_FAILED").length >= 2,
        () => "two refused dials",
      );
      same((await probe.failed("DIAL_FAILED")).closeCode, 1006, "close code");
      await world.do({ do: "restart" });
      const began = performance.now();
      await probe.opened(2);
      const ms = performance.now() - began;
      await probe.client.close();
      return ms;
    },
  ],
  [
    "gives up an upgrade that is never answered, and tries again",
    async ({ holdfast, world }) => {
      await world.do({ do: "answer", mode: { name: "stall" } });
      const probe = new Probe(holdfast, { url: world.url });
      void probe.client.connect();
      await probe.failed("CONNECT_TIMEOUT");
      await world.do({ do: "answer", mode: { name: "normal" } });
      const began = performance.now();
      await probe.opened(1);
      const ms = performance.now() - began;
      same(await probe.client.request("sum", { a: 1, b: 2 }), 3, "sum");
      await probe.client.close();
      return ms;
    },
  ],
  [
    "takes an upgrade refused with 503 for a failed dial, and tries again",
    async ({ holdfast, world }) => {
      await world.do({ do: "answer", mode: { name: "status", status: 503 } });
      const probe = new Probe(holdfast, { url: world.url });
      void probe.client.connect();
      const { closeCode, httpStatus } = await probe.failed("DIAL_FAILED");
      same({ closeCode, httpStatus }, { closeCode: 1006 }, "what a browser tells");
      await world.do({ do: "answer", mode: { name: "normal" } });
      await probe.opened(1);
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "stops at a close code that cannot get better",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url });
      await world.do({ do: "close", code: 1008, reason: "not you" });
      await until(
        () => probe.client.state.name === "closed",
        () => "closed",
      );
      const { closeCode, reason } = await probe.failed("CONNECTION_LOST");
      same({ closeCode, reason }, { closeCode: 1008, reason: "not you" }, "cause");
      same((await world.seen()).opened, 1, "links");
      return undefined;
    },
  ],
];
