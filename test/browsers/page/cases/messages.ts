import type { Case } from "../case.ts";
import { ensure, Probe, same } from "../probe.ts";

export const messages: readonly Case[] = [
  [
    "connects, step by step, with the subprotocol that the server chose",
    async ({ holdfast, world }) => {
      const began = performance.now();
      const { client, names } = await Probe.open(holdfast, { url: world.url, protocols: ["feed.v2", "feed.v1"] });
      const ms = performance.now() - began;
      same(names, ["resolve", "dial", "open"], "states");
      same(client.protocol, "feed.v2", "protocol");
      await client.close();
      return ms;
    },
  ],
  [
    "sends text and gets text, whatever is in it",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url, dialect: "raw", heartbeat: "off" });
      const texts = ["", "hello", "héllo 🌊 \u0000 ", "x".repeat(70_000)];
      for (const text of texts) same(probe.client.send(text), "written", "send");
      same(await probe.heard(texts.length), texts, "echoes");
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "sends bytes and gets an ArrayBuffer, of views only their part",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url, dialect: "raw", heartbeat: "off" });
      const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
      const payloads = [bytes.buffer, bytes.subarray(10, 20), new DataView(bytes.buffer, 5, 3), new Uint8Array(0)];
      for (const payload of payloads) probe.client.send(payload);
      const echoes = await probe.heard(payloads.length);
      ensure(
        echoes.every((echo) => echo instanceof ArrayBuffer),
        "every binary message is an ArrayBuffer",
      );
      const plain = echoes.map((echo) => [...new Uint8Array(echo as ArrayBuffer)]); // as was just checked
      const all = [...bytes];
      same(plain, [all, all.slice(10, 20), all.slice(5, 8), []], "echoes");
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "keeps the order of 200 messages, text and binary, small and large",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url, dialect: "raw", heartbeat: "off" });
      const sizes = Array.from({ length: 200 }, (_, index) => (index % 7 === 0 ? 60_000 : index + 1));
      for (const [index, size] of sizes.entries())
        probe.client.send(index % 2 === 0 ? "t".repeat(size) : new Uint8Array(size));
      const echoes = await probe.heard(sizes.length);
      const found = echoes.map((echo) => (typeof echo === "string" ? echo.length : -(echo as ArrayBuffer).byteLength));
      same(
        found,
        sizes.map((size, index) => (index % 2 === 0 ? size : -size)),
        "order",
      );
      await probe.client.close();
      return undefined;
    },
  ],
  [
    "carries a megabyte each way, while the socket holds back what is over the high water mark",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, {
        url: world.url,
        dialect: "raw",
        heartbeat: "off",
        outbox: { highWater: 64_000 },
      });
      const began = performance.now();
      const parts = Array.from({ length: 8 }, (_, index) => new Uint8Array(131_072).fill(index));
      for (const part of parts) probe.client.send(part);
      await probe.client.queue.drain();
      const echoes = await probe.heard(parts.length);
      const ms = performance.now() - began;
      same(
        echoes.map((echo) => new Uint8Array(echo as ArrayBuffer).at(-1)), // bytes come as an ArrayBuffer: another case
        [0, 1, 2, 3, 4, 5, 6, 7],
        "order",
      );
      await probe.client.close();
      return ms;
    },
  ],
];
