import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { FaultServer } from "../../support/fault-server.ts";

const probe = fileURLToPath(new URL("../../support/exit-probe.ts", import.meta.url));

/** How long a process lives on after it has let go of a peer that neither reads nor answers, in ms. */
async function lifeAfter(way: "goodbye" | "abandon" | "close", bytes = 0): Promise<number> {
  await using server = await FaultServer.start({
    onConnection: (socket) => {
      socket.pause();
    },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [probe, server.url, way, String(bytes)]);
  return Number(stdout);
}

it.each(["goodbye", "abandon", "close"] as const)(
  "a process exits at once after %s, though the peer never answers",
  async (way) => {
    expect(await lifeAfter(way)).toBeLessThan(500);
  },
);

it("a process exits at once after an abandon, though megabytes are still waiting", async () => {
  expect(await lifeAfter("abandon", 50_000_000)).toBeLessThan(500);
});

it("a goodbye behind megabytes that nobody reads is given up after a second", async () => {
  expect(await lifeAfter("goodbye", 50_000_000)).toBeLessThan(2_000);
});
