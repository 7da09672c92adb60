import { describe, expect, it } from "vitest";
import type { ClientHandshakeLink } from "../../../src/client/options.ts";
import type { Transport } from "../../../src/transport/transport.ts";
import { clientWorld, framesOf, parse, say, type World } from "../../support/client-world.ts";

/** A client whose clock, socket and callbacks write into one log. */
function logged(): { readonly world: World<unknown>; readonly log: string[] } {
  const log: string[] = [];
  const handshake = async (link: ClientHandshakeLink): Promise<void> => {
    link.send("auth");
    await link.receive();
  };
  const world: World<unknown> = clientWorld({
    handshake,
    heartbeat: { interval: 12_345 },
    clock: {
      now: () => world.page.now(),
      after: (delay, callback) => {
        if (delay === 12_345) log.push("heartbeat starts");
        return world.page.after(delay, callback);
      },
    },
    transport: (request, events) => loggedSocket(world, log)(request, events),
  });
  world.server.onConnection = (connection) => {
    connection.onMessage = (data) => {
      if (parse(data) !== ("auth" as unknown)) return;
      say(connection, "welcome");
      say(connection, "left unread");
    };
  };
  return { world, log };
}

function loggedSocket({ server, page }: World<unknown>, log: string[]): Transport {
  return (request, events) => {
    const socket = server.transportOn(page)(request, events);
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (data) => {
        const frame = parse(data as string);
        log.push(`sent ${typeof frame === "string" ? frame : `${String(frame.method)} ${String(frame.id)}`}`);
        return socket.send(data);
      },
      close: (code, reason) => {
        socket.close(code, reason);
      },
      abandon: (code, reason) => {
        socket.abandon(code, reason);
      },
      ping: () => socket.ping?.(),
    };
  };
}

describe("on a new link", () => {
  it("come handshake, heartbeat, subscriptions, requests that are sent again, the queue, and then the user's listeners", async () => {
    const { world, log } = logged();
    const { client, server, go } = world;
    const params = (): undefined => {
      log.push("payload is made");
    };
    client.subscribe("trades", { params }).listen(() => undefined);
    client.on("message", (message) => log.push(`heard ${String(message)}`));
    client.on("state", ({ name }) => {
      if (name !== "open") return;
      log.push("listener is told");
      client.send("by the listener");
    });
    void client.connect();
    await go();
    void client.request("report", undefined, { idempotent: "yes" });
    await go();
    server.last.drop();
    await go();
    client.send("queued first", { settled: () => log.push("outcome is told") });
    void client.request("sum");
    client.send("queued last");
    log.length = 0;
    await go(20_000);
    expect(server.dials).toBe(2);
    expect(log).toEqual([
      "sent auth",
      "heartbeat starts",
      "payload is made",
      "sent subscribe 4",
      "sent report 2",
      "sent queued first",
      "outcome is told",
      "sent sum 3",
      "sent queued last",
      "listener is told",
      "sent by the listener",
      "heard left unread",
      "heartbeat starts",
    ]);
    expect(framesOf(server.last)[0]).toBe("auth");
  });

  it("what one listener sends is not overtaken by what the next one sends, nor by what comes in", async () => {
    const { client, server, open, go } = clientWorld();
    for (const name of ["first", "second"]) {
      client.on("state", (state) => {
        if (state.name === "open") client.send(name);
      });
    }
    server.onConnection = (connection) => {
      say(connection, "at once");
    };
    client.on("message", () => client.send("third"));
    await open();
    await go();
    expect(framesOf(server.last)).toEqual(["first", "second", "third"]);
  });
});
