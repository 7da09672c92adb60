import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../../../src/core/clock.ts";
import { silence, until } from "../../support/contract-recorder.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";
import { FaultServer } from "../../support/fault-server.ts";

/** A client of `ws` and what it has seen. */
function client(url: string) {
  const socket = new WebSocket(url);
  const seen: string[] = [];
  socket.on("open", () => seen.push("open"));
  socket.on("message", (data: Buffer) => seen.push(data.toString()));
  socket.on("error", (error: NodeJS.ErrnoException) => seen.push(error.code ?? error.message));
  socket.on("close", (code) => seen.push(`close ${String(code)}`));
  return {
    socket,
    seen,
    async sees(what: string): Promise<void> {
      await until(what, () => seen.includes(what));
    },
    [Symbol.dispose](): void {
      socket.terminate();
    },
  };
}

it("a normal server echoes, and counts", async () => {
  await using server = await FaultServer.start();
  using one = client(server.url);
  using two = client(server.url);
  await one.sees("open");
  await two.sees("open");
  one.socket.send("hello");
  await one.sees("hello");
  server.broadcast("news");
  await two.sees("news");
  expect(server.counters).toEqual({ dials: 2, opened: 2, live: 2, maxLive: 2, frames: 1 });
  server.closeAll(4000, "bye");
  await two.sees("close 4000");
  await until("nobody", () => server.counters.live === 0);
  expect(server.counters.maxLive).toBe(2);
});

it("a stopped server refuses, and comes back on its port", async () => {
  await using server = await FaultServer.start();
  using before = client(server.url);
  await before.sees("open");
  await server.stop();
  await before.sees("close 1006");
  using during = client(server.url);
  await during.sees("ECONNREFUSED");
  const { port } = server;
  await server.restart();
  expect(server.port).toBe(port);
  using after = client(server.url);
  await after.sees("open");
});

it("a server closes after a while, resets, stalls or answers with a status, as its mode says", async () => {
  await using server = await FaultServer.start({ mode: { name: "close", delay: 10, code: 4001 } });
  using closed = client(server.url);
  await closed.sees("close 4001");
  expect(closed.seen[0]).toBe("open");
  for (const when of ["accepted", "asked"] as const) {
    server.mode = { name: "reset", when };
    using reset = client(server.url);
    await reset.sees("close 1006");
    expect(reset.seen).not.toContain("open");
  }
  server.mode = { name: "status", status: 503, headers: { "retry-after": "1" } };
  using refused = client(server.url);
  await refused.sees("Unexpected server response: 503");
  server.mode = { name: "stall" };
  using stalled = client(server.url);
  await silence();
  expect(stalled.seen).toEqual([]);
  expect(server.connections).toBe(1);
});

it("a killed server resets what was open", async () => {
  await using server = await FaultServer.start();
  using one = client(server.url);
  await one.sees("open");
  server.kill();
  await one.sees("close 1006");
});

async function behindProxy() {
  const server = await FaultServer.start();
  const proxy = await FaultProxy.start(server.port);
  return {
    server,
    proxy,
    async [Symbol.asyncDispose](): Promise<void> {
      await proxy.stop();
      await server.stop();
    },
  };
}

it("a proxy delays both ways and keeps the order", async () => {
  await using link = await behindProxy();
  using one = client(link.proxy.url);
  await one.sees("open");
  link.proxy.latency = 40;
  const since = systemClock.now();
  for (const text of ["a", "b", "c"]) one.socket.send(text);
  await one.sees("c");
  expect(systemClock.now() - since).toBeGreaterThanOrEqual(75);
  expect(one.seen).toEqual(["open", "a", "b", "c"]);
});

it("a black hole swallows nothing: what was held arrives when it heals", async () => {
  await using link = await behindProxy();
  using one = client(link.proxy.url);
  await one.sees("open");
  link.proxy.blackhole("down");
  one.socket.send("up only");
  await until("the frame", () => link.server.counters.frames === 1);
  link.proxy.blackhole();
  one.socket.send("nowhere");
  await silence();
  expect(link.server.counters.frames).toBe(1);
  expect(one.seen).toEqual(["open"]);
  link.proxy.heal();
  await one.sees("nowhere");
  expect(one.seen).toEqual(["open", "up only", "nowhere"]);
});

it("neither side of a black hole learns that the other is gone", async () => {
  await using link = await behindProxy();
  using one = client(link.proxy.url);
  await one.sees("open");
  link.proxy.blackhole();
  link.server.kill();
  await silence();
  expect(one.seen).toEqual(["open"]);
  using two = client(link.proxy.url);
  await silence();
  expect(two.seen).toEqual([]);
  link.proxy.heal();
  await one.sees("close 1006");
  await two.sees("open");
});

it("a sender's buffer fills up before a black hole", async () => {
  await using link = await behindProxy();
  using one = client(link.proxy.url);
  await one.sees("open");
  link.proxy.blackhole("up");
  for (let i = 0; i < 30; i++) one.socket.send("x".repeat(1_000_000));
  await silence();
  expect(one.socket.bufferedAmount).toBeGreaterThan(1_000_000);
});

it.each(["rst", "fin"] as const)("a proxy ends connections by %s on both sides", async (how) => {
  await using link = await behindProxy();
  using one = client(link.proxy.url);
  await one.sees("open");
  link.proxy[how]();
  await one.sees("close 1006");
  await until("the server sees it", () => link.server.connections === 0);
});

it("a proxy refuses or hangs new connections and leaves the old ones alone", async () => {
  await using link = await behindProxy();
  using old = client(link.proxy.url);
  await old.sees("open");
  link.proxy.admission = "refuse";
  using refused = client(link.proxy.url);
  await refused.sees("close 1006");
  link.proxy.admission = "hang";
  using hanging = client(link.proxy.url);
  await silence();
  expect(hanging.seen).toEqual([]);
  old.socket.send("still here");
  await old.sees("still here");
});

it("a server drops connections that are no WebSocket when it stops", async () => {
  const server = await FaultServer.start();
  const raw = await new Promise<Socket>((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () => {
      resolve(socket);
    });
  });
  raw.on("error", () => undefined);
  await until("accepted", () => server.connections === 1);
  await server.stop();
  await until("gone", () => raw.destroyed);
});

it("a proxy that is stopped while it ends connections leaves no handle behind", async () => {
  await using server = await FaultServer.start();
  const proxy = await FaultProxy.start(server.port);
  using one = client(proxy.url);
  await one.sees("open");
  proxy.fin();
  await proxy.stop();
  await one.sees("close 1006");
  await until("no handle", () => !process.getActiveResourcesInfo().includes("TCPSocketWrap"));
});
