import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Child } from "../../support/child.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";

const PROBE = fileURLToPath(new URL("../../support/client-exit-probe.ts", import.meta.url));
/** What the probe's client waits for a peer that does not answer its close. */
const CLOSE_TIMEOUT = 200;

type Over = "ws" | "native";

function startClient(server: FaultServer, over: Over): Child {
  return Child.node(PROBE, [server.url, over]);
}

/** Closes the client, and waits for the process to end by itself: when no socket and no timer holds it any more. */
async function closeAndExit(child: Child): Promise<{ closing: number; exiting: number }> {
  expect(await child.kill("SIGUSR2")).toBe(0);
  const [, closing] = await child.line(/^closed after (\d+)$/);
  const [, exiting] = await child.line(/^exited after (\d+)$/);
  return { closing: Number(closing), exiting: Number(exiting) };
}

describe.each(["ws", "native"] as const)("a process whose client, over %s, was closed exits at once", (over) => {
  it("while it was open", async () => {
    await using server = await FaultServer.start();
    await using child = startClient(server, over);
    await child.line(/^open$/);
    const { closing, exiting } = await closeAndExit(child);
    expect(closing).toBeLessThan(CLOSE_TIMEOUT);
    expect(exiting).toBeLessThan(1_000);
    await until("the server sees it leave", () => server.connections === 0);
  });

  it("while its upgrade was not answered", async () => {
    await using server = await FaultServer.start({ mode: { name: "stall" } });
    await using child = startClient(server, over);
    await until("the request", () => server.requests.length === 1);
    const { exiting } = await closeAndExit(child);
    expect(exiting).toBeLessThan(1_000);
  });

  it("while it waited for its next attempt", async () => {
    await using server = await FaultServer.start();
    await server.stop();
    await using child = startClient(server, over);
    await child.line(/^waiting$/);
    const { exiting } = await closeAndExit(child);
    expect(exiting).toBeLessThan(1_000);
  });
});

/** A server that reads nothing from its connections, and so answers no close either. */
function deafServer(): Promise<FaultServer> {
  return FaultServer.start({
    onConnection: (socket) => {
      socket.pause();
    },
  });
}

it("a process whose client was closed over ws exits at once, though the peer never answers", async () => {
  await using server = await deafServer();
  await using child = startClient(server, "ws");
  await child.line(/^open$/);
  const { closing, exiting } = await closeAndExit(child);
  expect(closing).toBeGreaterThanOrEqual(CLOSE_TIMEOUT - 2);
  expect(closing).toBeLessThan(CLOSE_TIMEOUT + 1_000);
  expect(exiting).toBeLessThan(1_000);
});

it("over Node's own WebSocket, which nothing can terminate, it exits when the peer's connection is gone", async () => {
  await using server = await deafServer();
  await using child = startClient(server, "native");
  await child.line(/^open$/);
  const exited = closeAndExit(child);
  await child.line(/^closed after /);
  server.kill();
  const { closing, exiting } = await exited;
  expect(closing).toBeLessThan(CLOSE_TIMEOUT + 1_000);
  expect(exiting).toBeLessThan(2_000);
});

it.each(["ws", "native"] as const)(
  "a process stays while its client tries to reach a server, over %s",
  async (over) => {
    await using server = await FaultServer.start();
    await server.stop();
    await using child = startClient(server, over);
    await child.line(/^waiting$/);
    await until("several attempts", () => child.lines.filter((line) => line === "waiting").length > 3);
    await server.restart();
    await child.line(/^open$/);
    await server.stop();
    await until("it is lost", () => child.lines.lastIndexOf("waiting") > child.lines.indexOf("open"));
    await server.restart();
    await until("it is back", () => child.lines.lastIndexOf("open") > child.lines.indexOf("open"));
    expect((await closeAndExit(child)).exiting).toBeLessThan(1_000);
  },
);
