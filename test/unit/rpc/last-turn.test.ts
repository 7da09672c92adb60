import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../../src/core/errors.ts";
import { jsonRpc, Rpc } from "../../../src/rpc.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { callsOf, clientWorld, say } from "../../support/client-world.ts";

describe("an answer that has arrived while the page slept", () => {
  it("comes before the deadline's last word, and nothing is cancelled", async () => {
    const { client, server, page, open, go } = clientWorld();
    await open();
    const answer = client.request("slow", undefined, { timeout: 1_000 });
    await go();
    page.freeze();
    await go(5_000);
    const [call] = callsOf(server.last, "slow");
    say(server.last, { jsonrpc: "2.0", id: call?.id, result: "in time" });
    await go(10);
    page.thaw();
    await go(100);
    await expect(answer).resolves.toBe("in time");
    expect(callsOf(server.last, "$/cancelRequest")).toEqual([]);
    expect(client.lateReplies).toBe(0);
  });
});

describe("an answer on the next link to what was given up on the last one", () => {
  it("is unexpected, and not late", async () => {
    const { client, server, open, go, codes } = clientWorld();
    await open();
    client.request("slow", undefined, { timeout: 1_000 }).catch(() => undefined);
    await go(2_000);
    const [call] = callsOf(server.last, "slow");
    server.last.drop();
    await go(10_000);
    expect(server.dials).toBe(2);
    say(server.last, { jsonrpc: "2.0", id: call?.id, result: "for nobody" });
    await go();
    expect(client.lateReplies).toBe(0);
    expect(codes()).toEqual(["UNEXPECTED_REPLY"]);
  });
});

describe("rpc that is over", () => {
  it("aborts the handlers that still run, also where no link was lost before", async () => {
    const rpc = new Rpc(
      jsonRpc,
      { encode: JSON.stringify, write: () => true, queue: () => () => undefined, report: () => undefined },
      new VirtualClock(),
    );
    rpc.opened();
    let signal: { readonly aborted: boolean } | undefined;
    rpc.handle("wait", (_params, context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    });
    rpc.receive({ jsonrpc: "2.0", id: 1, method: "wait" });
    await Promise.resolve();
    expect(signal?.aborted).toBe(false);
    rpc.end(new HoldfastError("CLOSED", "over"));
    expect(signal?.aborted).toBe(true);
  });
});
