import { describe, expect, it } from "vitest";
import { callsOf, clientWorld, framesOf, parse, say } from "../../support/client-world.ts";

const absent = { pings: "absent" } as const;
const times = { interval: 5_000, timeout: 2_000 };

describe("a client that was told nothing about its server", () => {
  it("uses protocol pings where the platform has them", async () => {
    const { server, client, open, go, all } = clientWorld({}, { latency: 15 });
    await open();
    await go(60_000);
    expect(server.last.pingCount).toBe(3);
    expect(server.last.texts).toEqual([]);
    expect(client.rtt).toBe(30);
    expect(all("rtt")).toEqual([30, 30, 30]);
  });

  it("takes a ping of the server for life, and not for the answer to its own", async () => {
    const { server, client, open, go } = clientWorld(
      { heartbeat: { interval: 100, timeout: 100 } },
      { pings: "swallow" },
    );
    await open();
    for (let n = 0; n < 10; n++) {
      await go(150);
      server.last.ping();
      await go();
    }
    expect(server.last.pingCount).toBeGreaterThan(5);
    expect(client.state.name).toBe("open");
    expect(client.rtt).toBeUndefined();
  });

  it("sends no message that the server does not know where it has not, and judges nobody", async () => {
    const { page, server, client, open, go } = clientWorld({}, absent);
    await open();
    await go(600_000);
    expect(client.state.name).toBe("open");
    expect(server.last.texts).toEqual([]);
    expect(client.rtt).toBeUndefined();
    expect(page.pending).toBe(0);
  });
});

describe("a client that was told to watch", () => {
  it("calls `ping` of the dialect where the platform has no pings; also an error is a sign of life", async () => {
    const { server, client, open, go, all } = clientWorld({ heartbeat: times }, { ...absent, latency: 10 });
    server.onConnection = (connection) => {
      connection.onMessage = (data) => {
        const { id } = parse(data);
        say(connection, { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } });
      };
    };
    await open();
    await go(60_000);
    expect(client.state.name).toBe("open");
    expect(server.dials).toBe(1);
    expect(callsOf(server.last, "ping")).toHaveLength(11);
    expect(client.rtt).toBe(20);
    expect(all("error")).toEqual([]);
  });

  it("leaves a server that answers no such call", async () => {
    const { server, client, open, go } = clientWorld({ heartbeat: times }, absent);
    await open();
    await go(6_999);
    expect(client.state.name).toBe("open");
    await go(1);
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
    expect(callsOf(server.last, "ping")).toHaveLength(1);
  });

  it("asks past the queue, with a call that no later link gets", async () => {
    const { server, client, open, go, all } = clientWorld(
      { heartbeat: times, outbox: { highWater: 10 } },
      { ...absent, rate: 1 },
    );
    await open();
    client.send("x".repeat(100));
    expect(client.send("behind it")).toBe("queued");
    await go(5_000);
    expect(client.queue.size).toBe(1);
    expect(all("debug").filter(({ event }) => event === "sent")).toHaveLength(2); // the second one is the ping
    server.last.drop();
    server.rate = Infinity;
    await go(4_900);
    expect(server.dials).toBe(2);
    expect(framesOf(server.last)).toEqual(["behind it"]);
  });

  it("has no way to ask in a dialect without a ping, and judges nobody", async () => {
    const { server, client, open, go } = clientWorld({ heartbeat: times, dialect: "none" }, absent);
    await open();
    await go(600_000);
    expect(client.state.name).toBe("open");
    expect(server.last.texts).toEqual([]);
  });
});

describe("a message of the user's own as ping", () => {
  it("is sent, and its answer is recognised, kept from the application, and measured", async () => {
    const ping = { message: { op: "ping" } };
    const pong = (message: unknown): boolean => JSON.stringify(message) === '{"op":"pong"}';
    const { server, client, open, go, all } = clientWorld(
      { heartbeat: { ...times, ping, pong }, dialect: "none" },
      { latency: 25 },
    );
    server.onConnection = (connection) => {
      connection.onMessage = () => {
        say(connection, { op: "pong" });
        say(connection, { op: "news" });
      };
    };
    await open();
    await go(6_000);
    expect(framesOf(server.last)).toEqual([{ op: "ping" }]);
    expect(all("message")).toEqual([{ op: "news" }]);
    expect(client.rtt).toBe(50);
    expect(server.last.pingCount).toBe(0);
  });

  it("may be made afresh each time", async () => {
    let count = 0;
    const { server, open, go } = clientWorld({ heartbeat: { ...times, ping: () => ({ ping: ++count }) } });
    server.onConnection = (connection) => {
      connection.onMessage = () => {
        say(connection, "pong");
      };
    };
    await open();
    await go(16_000);
    expect(framesOf(server.last)).toEqual([{ ping: 1 }, { ping: 2 }, { ping: 3 }]);
  });

  it("leaves a link on which it is not answered", async () => {
    const { client, open, go } = clientWorld({ heartbeat: { ...times, ping: { message: "ping" } } });
    await open();
    await go(7_000);
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
  });

  it("hurts nobody if making it throws: that is reported each time, and silence is not judged", async () => {
    const broken = new Error("no ping today");
    const ping = (): unknown => {
      throw broken;
    };
    const { client, open, go, all } = clientWorld({ heartbeat: { ...times, ping } });
    await open();
    await go(6_999);
    expect(all("error")).toMatchObject([{ code: "LISTENER_FAILED", cause: broken }]);
    await go(8_001);
    expect(all("error")).toHaveLength(3);
    expect(client.state.name).toBe("open");
  });

  it("does not hold back what is sent to a link that nobody could ask", async () => {
    const ping = (): never => {
      throw new Error("no ping today");
    };
    const { server, client, page, clock, open } = clientWorld({ heartbeat: { ...times, ping } });
    await open();
    for (let n = 0; n < 20; n++) {
      await clock.advanceAsync(1_000);
      expect(client.send(n)).toBe("written");
    }
    page.freeze();
    await clock.advanceAsync(60_000);
    expect(client.send("late")).toBe("written"); // no timer has fired yet
    page.thaw();
    await clock.advanceAsync(0);
    expect(server.last.texts).toHaveLength(21);
  });

  it("leaves nothing behind when who hears that it throws closes", async () => {
    let asked = 0;
    const ping = (): never => {
      asked++;
      throw new Error("no ping today");
    };
    const { client, page, go, open } = clientWorld({ heartbeat: { ...times, ping } });
    client.on("error", () => client.close());
    await open();
    await go(60_000);
    expect(client.state.name).toBe("closed");
    expect(asked).toBe(1);
    expect(page.pending).toBe(0);
  });

  it("measures no round trip of a ping that was never sent", async () => {
    const ping = (): never => {
      throw new Error("no ping today");
    };
    const pong = (message: unknown): boolean => message === "pong";
    const { server, client, go, open } = clientWorld({ heartbeat: { ...times, ping, pong } });
    await open();
    await go(7_000);
    say(server.last, "pong");
    await go();
    expect(client.rtt).toBeUndefined();
  });

  it("asks when it can again, and judges silence then", async () => {
    let works = false;
    const ping = (): string => {
      if (!works) throw new Error("not yet");
      return "ping";
    };
    const { server, client, open, go } = clientWorld({ heartbeat: { ...times, ping } });
    await open();
    await go(9_000);
    works = true;
    await go(2_000);
    expect(framesOf(server.last)).toEqual(["ping"]);
    await go(1_000);
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
  });

  it("hurts nobody if it cannot be encoded", async () => {
    const { client, open, go, codes } = clientWorld({ heartbeat: { ...times, ping: { message: 1n } } });
    await open();
    await go(6_999);
    expect(codes()).toEqual(["LISTENER_FAILED"]);
    expect(client.state.name).toBe("open");
  });

  it("is life even if `pong` throws, which is reported", async () => {
    const pong = (): boolean => {
      throw new Error("no pong today");
    };
    const { server, client, open, go, codes } = clientWorld({ heartbeat: { ...times, pong } });
    await open();
    for (let n = 0; n < 4; n++) {
      say(server.last, "news");
      await go(4_000);
    }
    expect(codes()).toEqual(Array.from({ length: 4 }, () => "LISTENER_FAILED"));
    expect(client.state.name).toBe("open");
  });
});

describe("a client that expects its server to talk", () => {
  it("never asks, and judges silence by the deadline alone", async () => {
    const { server, client, open, go } = clientWorld({ heartbeat: { ...times, ping: "expect" } });
    await open();
    for (let at = 0; at < 60_000; at += 6_900) {
      await go(6_900);
      say(server.last, "tick");
    }
    await go(6_999);
    expect(client.state.name).toBe("open");
    expect(server.last.pingCount).toBe(0);
    expect(server.last.texts).toEqual([]);
    await go(1);
    expect(client.state).toMatchObject({ name: "waiting", cause: { code: "HEARTBEAT_TIMEOUT" } });
  });
});

describe("a client whose heartbeat is off", () => {
  it("asks nobody, arms nothing, and judges nobody", async () => {
    const { page, server, client, network, open, go } = clientWorld({ heartbeat: "off" });
    await open();
    await go(10_000);
    server.last.stall();
    network.show();
    expect(page.pending).toBe(0);
    await go(600_000);
    expect(client.state.name).toBe("open");
    expect(server.last.pingCount).toBe(0);
  });
});
