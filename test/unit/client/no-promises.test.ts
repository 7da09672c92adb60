import { describe, expect, it } from "vitest";
import type { ClientOptions } from "../../../src/client/options.ts";
import { clientWorld, framesOf, say } from "../../support/client-world.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";
import { feed } from "../subscriptions/setup.ts";

expectNothingUncaught();

const ANSWERS = [
  ["answers", (): Promise<unknown> => Promise.resolve({ token: "t" })],
  ["rejects", (): Promise<unknown> => Promise.reject(new Error("no token"))],
] as const;

const REFUSED = {
  code: "LISTENER_FAILED",
  cause: { message: expect.stringMatching(/ must answer at once/) as unknown },
};

describe.each(ANSWERS)(
  "where an answer is wanted at once, a promise that %s is refused, and nothing is sent for it:",
  (_, promise) => {
    it("params of a subscription", async () => {
      const { client, open, go, calls, all } = feed();
      await open();
      client.subscribe("trades", { params: promise }).listen(() => undefined);
      await go();
      expect(calls()).toEqual([]);
      expect(all("error")).toMatchObject([REFUSED]);
    });

    it("the sequence number of an event", async () => {
      const { client, open, go, publish, all } = feed();
      await open();
      client.subscribe("trades", { sequence: promise as () => never }).listen(() => undefined);
      await go();
      publish(1);
      await go();
      expect(all("error")).toMatchObject([REFUSED]);
    });

    it("heartbeat.ping", async () => {
      const { server, open, go, all } = clientWorld({
        dialect: "none",
        heartbeat: { interval: 100, timeout: 100, ping: promise },
      });
      await open();
      await go(150);
      expect(server.last.texts).toEqual([]);
      expect(all("error")).toMatchObject([REFUSED]);
    });

    it("heartbeat.pong", async () => {
      const pong = promise as unknown as () => boolean; // what a caller without types can do
      const { server, open, go, all } = clientWorld({ heartbeat: { pong } });
      await open();
      say(server.last, "a message");
      await go();
      expect(all("error")).toMatchObject([REFUSED]);
    });

    it("retry", async () => {
      const retry = promise as unknown as NonNullable<ClientOptions["retry"]>;
      const { server, client, open, go, all } = clientWorld({ retry });
      await open();
      server.last.drop();
      await go();
      expect(all("error")).toMatchObject([REFUSED]);
      expect(client.state.name).toBe("waiting");
    });
  },
);

describe("a `then` that is no function", () => {
  it("makes no promise of what has it", async () => {
    const { client, server, open, go, codes } = clientWorld({ dialect: "none", heartbeat: "off" });
    client.on("message", () => ({ then: 5 }));
    await open();
    say(server.last, 1);
    await go();
    expect(codes()).toEqual([]);
    expect(framesOf(server.last)).toEqual([]);
  });
});
