import { RemoteError, RequestError } from "holdfast";
import { same, silence, until } from "../support/contract-recorder.ts";
import type { EndToEndCase } from "./world.ts";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`It resolved with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : error;
}

/** What is built on a link: messages, heartbeat, outbox, calls, subscriptions. */
export const layerCases: Readonly<Record<string, EndToEndCase>> = {
  "text and bytes of all sizes go both ways, in order": async (world) => {
    const sent = [
      "",
      "text \u00e9\u{1f600}",
      "x".repeat(70_000),
      ...[0, 3, 125, 126, 65_536, 1_000_000].map(bytes),
      "last",
    ];
    const { client, messages } = await world.open({ dialect: "raw" });
    for (const message of sent) client.send(message);
    await until("the echoes", () => messages.length >= sent.length);
    same("messages", messages.length, sent.length);
    sent.forEach((message, index) => {
      same(`message ${String(index)}`, messages[index], typeof message === "string" ? message : message.buffer);
    });
  },

  "the heartbeat keeps a quiet link and measures its round trip": async (world) => {
    const { client, rtts } = await world.open();
    await until("two round trips", () => rtts.length >= 2);
    same("state", client.state.name, "open");
    same(
      "round trips are small numbers",
      rtts.every((rtt) => rtt >= 0 && rtt < 1_000),
      true,
    );
    const { counters, pings, frames } = await world.lab.look();
    same("links", counters.opened, 1);
    same("asked by protocol pings", pings >= 2, world.features.ping);
    same("asked by calls", frames.filter((frame) => frame.includes('"ping"')).length >= 2, !world.features.ping);
  },

  "the outbox keeps the order, replaces, lets expire, and tells": async (world) => {
    await world.lab.act({ name: "stop" });
    const subject = world.subject();
    await subject.fails("DIAL_FAILED");
    const { client } = subject;
    const outcomes: string[] = [];
    const send = (text: string, options: object = {}): void => {
      client.send(text, { ...options, settled: (outcome) => outcomes.push(`${text} ${outcome}`) });
    };
    send("a");
    send("b", { key: "k" });
    send("c", { ttl: 1 });
    send("d", { key: "k" });
    send("e");
    await until("c to expire", () => outcomes.length === 2);
    await world.lab.act({ name: "restart" });
    await subject.opens();
    await client.queue.drain();
    same("outcomes", outcomes, ["b replaced", "c expired", "a written", "d written", "e written"]);
    const { frames } = await world.lab.sees("the frames", (view) => view.frames.length >= 3);
    same("frames", frames.slice(0, 3), ['"a"', '"d"', '"e"']);
  },

  "calls are answered, refused, streamed, and made by the server": async (world) => {
    const { client } = await world.open();
    same("echo", await client.request("echo", { deep: [1, "\u00e9"] }), { deep: [1, "\u00e9"] });
    const refused = await rejection(client.request("nothing"));
    same("is a RemoteError", refused instanceof RemoteError, true);
    same("error", [(refused as RemoteError).remoteCode, (refused as RemoteError).data], [-32601, "nothing"]);
    const values: unknown[] = [];
    for await (const value of client.stream("count", { to: 3 })) values.push(value);
    same("stream", values, [1, 2, 3]);
    client.handle("double", (params) => (params as { n: number }).n * 2);
    same("callback", await client.request("callback", { method: "double", params: { n: 21 } }), 42);
    const late = await rejection(client.request("silence", {}, { timeout: 50 }));
    same("time-out", (late as RequestError).code, "TIMEOUT");
    const controller = new AbortController();
    const aborted = rejection(client.request("silence", {}, { signal: controller.signal }));
    controller.abort("enough");
    const { reason = "AbortError" } = controller.signal as { readonly reason?: unknown }; // React Native keeps none
    same("abort", nameOf(await aborted), reason);
  },

  "a call whose link dies ends as unknown, unless it may run twice": async (world) => {
    const subject = await world.open();
    const { client } = subject;
    const unknown = rejection(client.request("silence", { once: true }));
    void client.request("silence", { twice: true }, { idempotent: "yes" });
    await world.lab.sees("both", ({ frames }) => frames.filter((frame) => frame.includes("silence")).length === 2);
    await world.lab.act({ name: "kill" });
    const error = await unknown;
    same("is a RequestError", error instanceof RequestError, true);
    same("error", [(error as RequestError).code, (error as RequestError).sent], ["OUTCOME_UNKNOWN", true]);
    same("queued", await client.request("echo", { queued: true }), { queued: true });
    const { frames } = await world.lab.look();
    same("once", frames.filter((frame) => frame.includes("once")).length, 1);
    const twice = frames.filter((frame) => frame.includes("twice"));
    same("twice", [twice.length, twice[0] === twice[1]], [2, true]);
  },

  "a subscription is iterated across a lost link, and says what it has seen": async (world) => {
    const subject = await world.open();
    const subscription = subject.client.subscribe("prices", {
      sequence: (data) => (data as { seq: number }).seq,
      params: ({ lastSequence }: { lastSequence: number | undefined }) => ({ since: lastSequence }),
    });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const data of subscription) {
        seen.push(data);
        if (seen.length === 2) break;
      }
    })();
    await until("live", () => subscription.live);
    await world.lab.act({ name: "publish", topic: "prices", data: { seq: 7 } });
    await until("the first event", () => seen.length === 1);
    await world.lab.act({ name: "kill" });
    await subject.fails("CONNECTION_LOST");
    await subject.opens();
    await until("live again", () => subscription.live);
    await world.lab.act({ name: "publish", topic: "prices", data: { seq: 8 } });
    await reading;
    same("events", seen, [{ seq: 7 }, { seq: 8 }]);
    const { frames } = await world.lab.sees("the farewell", (view) =>
      view.frames.some((frame) => frame.includes("unsubscribe")),
    );
    same(
      "asked for what was missed",
      frames.some((frame) => frame.includes('"since":7')),
      true,
    );
  },

  "headers are sent, or the attempt ends with UNSUPPORTED": async (world) => {
    const subject = world.subject({ headers: { "X-Token": "s3cr3t" } });
    if (!world.features.headers) {
      await subject.fails("UNSUPPORTED");
      same("state", subject.client.state.name, "closed");
      return;
    }
    await subject.opens();
    same("header", (await world.lab.look()).requests[0]?.headers["x-token"], "s3cr3t");
  },

  "a subprotocol is offered, and the chosen one told": async (world) => {
    const { client } = await world.open({ protocols: ["a.v1", "b.v1"] });
    same("protocol", client.protocol, "a.v1");
    await silence();
  },

  "what nobody waits for is no unhandled rejection": async (world) => {
    const { client } = world.subject({ url: () => Promise.reject(new Error("no token")) });
    void client.request("echo");
    void client.connect();
    await silence();
    void client.close();
    const open = await world.open();
    void open.client.request("silence");
    await world.lab.act({ name: "kill" });
    await open.fails("CONNECTION_LOST");
  },
};

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
}
