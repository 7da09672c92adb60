import { same, silence, until } from "../support/contract-recorder.ts";
import type { EndToEndCase, World } from "./world.ts";
import type { Subject } from "./subject.ts";

/** What every recovery ends in: a link that carries calls, and one of them only. */
async function expectOneLink(world: World, subject: Subject): Promise<void> {
  same("an answer", await subject.client.request("echo", { n: 1 }), { n: 1 });
  await world.lab.sees("one link", ({ counters }) => counters.live === 1);
  same("errors", subject.errors.map(String), []);
}

/** Links that are refused, killed, stalled or closed, and what becomes of them. */
export const recoveryCases: Readonly<Record<string, EndToEndCase>> = {
  "a killed link comes back, and what was queued meanwhile arrives once": async (world) => {
    const { lab } = world;
    const subject = await world.open();
    await lab.act({ name: "stop" });
    same("close code", (await subject.fails("CONNECTION_LOST")).closeCode, 1006);
    same("send", subject.client.send({ while: "away" }), "queued");
    await subject.fails("DIAL_FAILED");
    await lab.act({ name: "restart" });
    await subject.opens();
    await until("the echo", () => subject.messages.length > 0);
    await expectOneLink(world, subject);
    same("messages", subject.messages, [{ while: "away" }]);
    const { frames, counters } = await lab.look();
    same("arrived", frames.filter((frame) => frame.includes("away")).length, 1);
    same("most links", counters.maxLive, 1);
  },

  "a server that is away is dialled again and again until it is there": async (world) => {
    const { lab } = world;
    await lab.act({ name: "stop" });
    const subject = world.subject();
    const { closeCode, message } = await subject.fails("DIAL_FAILED");
    same("close code", closeCode, 1006);
    same("the message names no address", /127\.0\.0\.1|ws:/.test(message), false);
    await subject.fails("DIAL_FAILED");
    await subject.fails("DIAL_FAILED");
    await lab.act({ name: "restart" });
    await subject.opens();
    await expectOneLink(world, subject);
  },

  "a link on which nothing comes any more is left, and comes back when it heals": async (world) => {
    const { lab } = world;
    const subject = await world.open({ url: lab.proxyUrl });
    await expectOneLink(world, subject);
    await lab.act({ name: "blackhole" });
    await subject.fails("HEARTBEAT_TIMEOUT");
    await subject.fails("CONNECT_TIMEOUT");
    await lab.act({ name: "heal" });
    await subject.opens();
    await expectOneLink(world, subject);
  },

  "an upgrade that is never answered is given up, and the connection freed where that can be": async (world) => {
    const { lab } = world;
    await lab.act({ name: "mode", mode: { name: "stall" } });
    const subject = world.subject();
    await subject.fails("CONNECT_TIMEOUT");
    await lab.act({ name: "mode", mode: { name: "normal" } });
    await subject.opens();
    await expectOneLink(world, subject);
  },

  "a connection that is reset in the middle of the upgrade is dialled again": async (world) => {
    const { lab } = world;
    await lab.act({ name: "mode", mode: { name: "reset", when: "asked" } });
    const subject = world.subject();
    await subject.fails("DIAL_FAILED");
    await lab.act({ name: "mode", mode: { name: "normal" } });
    await subject.opens();
    await expectOneLink(world, subject);
  },

  "a refused upgrade tells its HTTP status where the runtime does": async (world) => {
    await world.lab.act({ name: "mode", mode: { name: "status", status: 503 } });
    const { httpStatus } = await world.subject().fails("DIAL_FAILED");
    same("httpStatus", httpStatus, world.features.httpStatus ? 503 : undefined);
  },

  "a server's close code and reason are told, and 1008 is the end": async (world) => {
    const subject = await world.open();
    await world.lab.act({ name: "close", code: 4321, reason: "b\u00e4h" });
    const { closeCode, reason } = await subject.fails("CONNECTION_LOST");
    same("end", [closeCode, reason], [4321, "b\u00e4h"]);
    await subject.opens();
    await world.lab.act({ name: "close", code: 1008, reason: "" });
    same("end", (await subject.fails("CONNECTION_LOST")).closeCode, 1008);
    same("state", subject.client.state.name, "closed");
  },

  "every attempt asks for its URL afresh": async (world) => {
    let asked = 0;
    const subject = await world.open({ url: () => Promise.resolve(`${world.lab.url}?token=${String(++asked)}`) });
    await world.lab.act({ name: "kill" });
    await subject.fails("CONNECTION_LOST");
    await subject.opens();
    same(
      "urls",
      (await world.lab.look()).requests.map(({ url }) => url),
      ["/?token=1", "/?token=2"],
    );
  },

  "close says goodbye, ends everything, and nothing is dialled any more": async (world) => {
    const { lab } = world;
    const { client } = await world.open();
    const request = client.request("silence").catch((error: unknown) => (error as { code?: unknown }).code);
    const iteration = client.subscribe("topic")[Symbol.asyncIterator]().next();
    await client.close(4000, "bye");
    same("state", client.state, { name: "closed" });
    same("the request", await request, "OUTCOME_UNKNOWN");
    same("the iteration", await iteration, { done: true });
    const { ends } = await lab.sees("the end", (view) => view.ends.length > 0);
    same("ends", ends, [{ code: 4000, reason: "bye" }]);
    await silence();
    same("links", (await lab.look()).counters.opened, 1);
    await client.connect();
    same("after connect()", client.state.name, "open");
  },

  "close does not wait for a peer that never answers": async (world) => {
    const subject = await world.open({ url: world.lab.proxyUrl, heartbeat: "off" });
    await world.lab.act({ name: "blackhole" });
    const closed = subject.client.close();
    same("state", subject.client.state.name, "closing");
    await closed;
    same("state", subject.client.state, { name: "closed" });
  },

  "close while it dials or waits leaves nothing behind": async (world) => {
    const { lab } = world;
    await lab.act({ name: "mode", mode: { name: "stall" } });
    const dialling = world.subject();
    void dialling.client.connect();
    await lab.sees("the dial", ({ requests }) => requests.length > 0);
    await dialling.client.close();
    await lab.act({ name: "stop" });
    const waiting = world.subject();
    await waiting.fails("DIAL_FAILED");
    await waiting.client.close();
    await lab.act({ name: "mode", mode: { name: "normal" } });
    await lab.act({ name: "restart" });
    await silence();
    await silence();
    same("links", (await lab.look()).counters.opened, 0);
  },
};
