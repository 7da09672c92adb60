import { describe, expect, it } from "vitest";
import { clientWorld, framesOf, parse, say } from "../../support/client-world.ts";

const request = { jsonrpc: "2.0", id: "theirs", method: "add", params: [1] };

/** What a callback does at the worst time; each of these was found by a seed of the simulator. */
describe("a callback that leaves the link while a frame of it is looked at", () => {
  it("ends the frame's way: no handler answers it, least of all on the next link", async () => {
    const { client, server, open, go, all } = clientWorld();
    client.handle("add", () => Promise.resolve(2));
    await open();
    const off = client.on("debug", ({ event }) => {
      if (event !== "received") return;
      off();
      void client.reconnect();
    });
    say(server.last, request);
    await go();
    expect([client.state.name, server.dials]).toEqual(["open", 2]);
    expect(framesOf(server.last)).toEqual([]);
    say(server.last, "of the new link");
    await go();
    expect(all("message")).toEqual(["of the new link"]);
  });

  it("ends the rest of a batch with it", async () => {
    const { client, server, open, go } = clientWorld();
    client.handle("leave", () => void client.reconnect());
    client.handle("add", () => Promise.resolve(2));
    await open();
    say(server.last, [{ jsonrpc: "2.0", method: "leave" }, request]);
    await go();
    expect(server.dials).toBe(2);
    expect(framesOf(server.last)).toEqual([]);
  });

  it("is not told that frames are unconfirmed which the pong has just confirmed", async () => {
    const { client, server, open, go, all } = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000 } });
    await open();
    const off = client.on("rtt", () => {
      off();
      void client.reconnect();
    });
    client.send("before the pong");
    await go(6_000);
    expect(server.dials).toBe(2);
    expect(all("unconfirmed")).toEqual([]);
  });

  it("does not open the queue of a link that had been in doubt and is gone", async () => {
    const { client, server, page, open, go } = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000 } });
    await open();
    const off = client.on("rtt", () => {
      off();
      server.answer = { type: "stall" };
      void client.reconnect();
    });
    page.freeze();
    await go(10_000);
    page.adjust(1); // the page's own clock goes on while its timers wait
    client.send("while in doubt");
    page.thaw();
    await go(100);
    expect([client.state.name, client.queue.size]).toEqual(["connecting", 1]);
    expect(page.pending).toBe(1); // connectTimeout, and nobody who polls a socket
  });
});

describe("what is sent from a callback while a new link is greeted", () => {
  it("waits behind subscriptions and behind what is queued", async () => {
    const { client, server, open, go } = clientWorld();
    const params = (): never => {
      throw new Error("no payload");
    };
    client.subscribe("first", { params }).listen(() => undefined);
    client.subscribe("second").listen(() => undefined);
    client.on("error", () => {
      client.notify("by the callback");
    });
    client.send("queued");
    await open();
    await go();
    expect(framesOf(server.last)).toEqual([
      expect.objectContaining({ method: "subscribe", params: { topic: "second" } }),
      "queued",
      expect.objectContaining({ method: "by the callback" }),
    ]);
  });

  it("goes to the next link when the callback leaves this one as the request asks it for a sign of life", async () => {
    const ping = (): string => {
      void world.client.reconnect();
      return "are you there?";
    };
    const world = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000, ping } });
    const { client, server, page, open, go } = world;
    await open();
    page.freeze();
    await go(10_000);
    page.adjust(1); // the page's own clock goes on while its timers wait
    const answer = client.request("add", [1]).catch((error: unknown) => error);
    page.thaw();
    await go();
    expect([server.dials, framesOf(server.last)]).toEqual([2, [expect.objectContaining({ method: "add" })]]);
    void client.close();
    await go();
    expect(await answer).toMatchObject({ code: "OUTCOME_UNKNOWN", sent: true });
  });

  it("takes a frame of that link nowhere, when the callback leaves it as the frame asks for a sign of life", async () => {
    const ping = (): string => {
      void world.client.reconnect();
      return "are you there?";
    };
    const world = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000, ping } });
    const { client, server, page, open, go } = world;
    let answer: ((value: number) => void) | undefined;
    client.handle("add", () => new Promise<number>((resolve) => (answer = resolve)));
    await open();
    say(server.last, request);
    await go();
    page.freeze();
    await go(10_000);
    page.adjust(1);
    answer?.(2);
    await go();
    page.thaw();
    await go();
    expect([server.dials, framesOf(server.last)]).toEqual([2, []]);
  });

  it("subscribes once on the next link, when the callback leaves this one as the call asks for a sign of life", async () => {
    const ping = (): string => {
      void world.client.reconnect();
      return "are you there?";
    };
    const world = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000, ping } });
    const { client, server, page, open, go } = world;
    await open();
    page.freeze();
    await go(10_000);
    page.adjust(1);
    client.subscribe("trades").listen(() => undefined);
    page.thaw();
    await go();
    expect([server.dials, framesOf(server.last)]).toEqual([2, [expect.objectContaining({ method: "subscribe" })]]);
  });

  it("is refused when the callback closes the client as the message asks the link for a sign of life", async () => {
    const ping = (): string => {
      void world.client.close();
      return "are you there?";
    };
    const world = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000, ping } });
    const { client, page, open, go } = world;
    await open();
    page.freeze();
    await go(10_000);
    page.adjust(1); // the page's own clock goes on while its timers wait
    expect(() => client.send("late")).toThrow(expect.objectContaining({ code: "CLOSED" }));
    expect(client.queue.size).toBe(0);
    page.thaw();
    await go();
  });

  it("is refused as ever when the callback has closed the client while it asks for a sign of life", async () => {
    const { client, open, go } = clientWorld({ heartbeat: { interval: 5_000, timeout: 2_000 } }, { pings: "absent" });
    await open();
    const outcomes: unknown[] = [];
    client.on("debug", ({ event }) => {
      if (event !== "sent" || outcomes.length > 0) return;
      void client.close();
      try {
        outcomes.push(client.notify("late"));
      } catch (error) {
        outcomes.push(error);
      }
    });
    await go(6_000);
    expect(outcomes).toEqual([expect.objectContaining({ code: "CLOSED" })]);
    expect(client.queue.size).toBe(0);
  });

  it("does not subscribe to a topic that nobody wants any more", async () => {
    const { client, server, open, go } = clientWorld();
    const off: (() => void)[] = [];
    const params = (): undefined => {
      for (const leave of off) leave();
    };
    client.subscribe("first", { params }).listen(() => undefined);
    off.push(client.subscribe("second").listen(() => undefined));
    await open();
    await go();
    expect(framesOf(server.last)).toEqual([
      expect.objectContaining({ method: "subscribe", params: { topic: "first" } }),
    ]);
  });
});

describe("messages that came before the link was open", () => {
  it("confirm nothing that was written after them", async () => {
    const { client, server, page, go, all } = clientWorld({
      handshake: async (link) => {
        link.send("auth");
        await link.receive();
        await new Promise<void>((resolve) => page.after(10, resolve));
      },
    });
    server.onConnection = (connection) => {
      connection.onMessage = (data) => {
        if (parse(data) !== ("auth" as unknown)) return;
        say(connection, "welcome");
        say(connection, "at once");
      };
    };
    client.send("queued");
    const off = client.on("message", () => {
      off();
      void client.reconnect();
    });
    void client.connect();
    await go(10);
    expect(all("unconfirmed")[0]).toEqual({ count: 1 });
  });
});
