import type { Case } from "../case.ts";
import { ensure, Probe, same, until } from "../probe.ts";

export const liveness: readonly Case[] = [
  [
    "asks an idle server, and measures the round trip",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, { url: world.url, heartbeat: { interval: 150, timeout: 1_000 } });
      await until(
        () => probe.rtts.length >= 3,
        () => "three round trips",
      );
      const { calls, opened } = await world.seen();
      ensure(calls.every(({ method }) => method === "ping") && calls.length >= 3, "nothing but pings went out");
      same(opened, 1, "links");
      ensure(
        probe.rtts.every((rtt) => rtt >= 0 && rtt < 1_000),
        `round trips: ${probe.rtts.join(", ")}`,
      );
      same(probe.client.rtt, probe.rtts.at(-1), "the last one");
      await probe.client.close();
      return Math.min(...probe.rtts);
    },
  ],
  [
    "asks by a message of the application, and keeps the answer from it",
    async ({ holdfast, world }) => {
      const probe = await Probe.open(holdfast, {
        url: world.url,
        dialect: "none",
        heartbeat: {
          interval: 150,
          timeout: 1_000,
          ping: { message: { type: "ping" } },
          pong: (message) => JSON.stringify(message) === '{"type":"ping"}', // this server sends everything back
        },
      });
      await until(
        () => probe.rtts.length >= 2,
        () => "two round trips",
      );
      probe.client.send("for the application");
      same(await probe.heard(1), ["for the application"], "messages");
      await probe.client.close();
      return undefined;
    },
  ],
];
