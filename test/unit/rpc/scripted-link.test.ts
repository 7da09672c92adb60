import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../../src/core/errors.ts";
import type { Payload } from "../../../src/core/payload.ts";
import { type Dialect, jsonRpc, type RpcQueueOptions, Rpc, type RpcLink, type RpcOptions } from "../../../src/rpc.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { type Frame, parse } from "../../support/client-world.ts";
import { exchangeDialect } from "../../support/exchange-dialect.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

/** A link that does what the test says. */
class ScriptedLink implements RpcLink {
  /** False: it takes no frame, though nobody has said that it is lost. */
  takes = true;
  readonly written: Frame[] = [];
  /** What waits, as the queue was told to keep it. */
  readonly queued: RpcQueueOptions[] = [];
  readonly errors: HoldfastError[] = [];

  encode(frame: unknown): Payload {
    return JSON.stringify(frame);
  }

  /** Runs before a request counts as written. */
  prepare(): void {
    this.prepared?.();
  }

  prepared: (() => void) | undefined;

  write(data: Payload): boolean {
    if (this.takes) this.written.push(parse(data as string)); // as `encode` made it
    return this.takes;
  }

  queue(_data: Payload, options: RpcQueueOptions): () => void {
    this.queued.push(options);
    return () => undefined;
  }

  readonly report = (error: HoldfastError): void => {
    this.errors.push(error);
  };
}

interface Setup {
  readonly clock: VirtualClock;
  readonly link: ScriptedLink;
  readonly rpc: Rpc;
  /** The peer answers the call with this id. */
  readonly answer: (id: number, result: unknown) => void;
}

function setup(options: RpcOptions = {}, dialect: Dialect = jsonRpc): Setup {
  const clock = new VirtualClock();
  const link = new ScriptedLink();
  const rpc = new Rpc(dialect, link, clock, options);
  const answer = (id: number, result: unknown): void => {
    rpc.receive({ jsonrpc: "2.0", id, result });
  };
  return { clock, link, rpc, answer };
}

function lostLink(): HoldfastError {
  return new HoldfastError("CONNECTION_LOST", "as scripted");
}

describe("before a request is written, the link is looked at", () => {
  it("and a request that a callback ends within that is not written", async () => {
    const { link, rpc } = setup();
    link.prepared = () => {
      rpc.end(lostLink());
    };
    await expect(rpc.request("get", undefined)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect([link.written, link.queued]).toEqual([[], []]);
  });

  it("but not for one that asks it for a sign of life, or greets it", () => {
    const { link, rpc } = setup();
    let looks = 0;
    link.prepared = () => {
      looks++;
    };
    rpc.call({ method: "ping", params: undefined }, {}, "first").catch(() => undefined);
    expect([looks, link.written.length]).toEqual([0, 1]);
    void rpc.request("get", undefined).catch(() => undefined);
    expect([looks, link.written.length]).toEqual([1, 2]);
  });
});

describe("a request that is to be sent again, on a new link that does not take it", () => {
  async function refused(): Promise<Setup & { readonly request: Promise<unknown> }> {
    const all = setup();
    const { clock, link, rpc } = all;
    const request = rpc.request("get", undefined, { idempotent: "yes", timeout: 1_000 });
    rpc.lost(lostLink());
    link.takes = false;
    rpc.opened();
    await clock.settle();
    expect(link.written).toHaveLength(1);
    return { ...all, request };
  }

  it("goes out on the next one", async () => {
    const { link, rpc, request, answer } = await refused();
    link.takes = true;
    rpc.lost(lostLink());
    rpc.opened();
    expect(link.written.map(({ id, method }) => [id, method])).toEqual([
      [1, "get"],
      [1, "get"],
    ]);
    answer(1, "got");
    await expect(request).resolves.toBe("got");
  });

  it("is not answered by what the peer says meanwhile, for it has not heard of it", async () => {
    const { link, rpc, request, answer } = await refused();
    answer(1, "from nowhere");
    expect(link.errors).toMatchObject([{ code: "UNEXPECTED_REPLY" }]);
    expect(rpc.size).toBe(1);
    rpc.end(lostLink());
    await expect(request).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", sent: true });
  });

  it("is given up without a word to the peer", async () => {
    const { clock, link, request } = await refused();
    link.takes = true;
    await clock.advanceAsync(1_001);
    await expect(request).rejects.toMatchObject({ code: "TIMEOUT", sent: true });
    expect(link.written.map(({ method }) => method)).toEqual(["get"]);
  });
});

describe("a request that waits in the queue of its link", () => {
  function queued(): Setup & { readonly request: Promise<unknown>; readonly entry: RpcQueueOptions | undefined } {
    const all = setup();
    all.link.takes = false;
    const request = all.rpc.request("sum", [1, 2]);
    return { ...all, request, entry: all.link.queued[0] };
  }

  it("may be answered while it is being written", async () => {
    const { entry, link, request, answer } = queued();
    entry?.writing?.(true);
    answer(1, 3);
    entry?.settled?.("written");
    await expect(request).resolves.toBe(3);
    expect(link.errors).toEqual([]);
  });

  it("still waits if the link did not take it, and outlives that link", async () => {
    const { entry, rpc, request, answer } = queued();
    entry?.writing?.(true);
    entry?.writing?.(false);
    rpc.lost(lostLink());
    expect(rpc.size).toBe(1);
    entry?.writing?.(true);
    entry?.settled?.("written");
    answer(1, 3);
    await expect(request).resolves.toBe(3);
  });

  it("has an unknown outcome also if the link says only afterwards that it was written", async () => {
    const { entry, rpc, request } = queued();
    entry?.settled?.("written");
    rpc.lost(lostLink());
    await expect(request).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", method: "sum", sent: true });
  });
});

describe("a request that was queued, and may run twice", () => {
  it("is sent again like any other when the link that took it is lost", async () => {
    const { link, rpc, answer } = setup();
    link.takes = false;
    const request = rpc.request("get", undefined, { idempotent: "yes" });
    const [entry] = link.queued;
    entry?.writing?.(true);
    entry?.settled?.("written");
    rpc.lost(lostLink());
    link.takes = true;
    rpc.opened();
    expect(link.written.map(({ id, method }) => [id, method])).toEqual([[1, "get"]]);
    answer(1, "got");
    await expect(request).resolves.toBe("got");
  });
});

describe("a request on a link that has no room", () => {
  it.each(["write", "queue"] as const)("was not sent, and says which it was: %s throws", async (verb) => {
    const { link, rpc } = setup();
    const full = new HoldfastError("QUEUE_FULL", "as scripted");
    link.takes = false;
    link[verb] = () => {
      throw full;
    };
    await expect(rpc.request("sum", [1, 2])).rejects.toMatchObject({
      code: "QUEUE_FULL",
      message: 'Request "sum": the queue was full',
      method: "sum",
      sent: false,
      cause: full,
    });
    expect(rpc.size).toBe(0);
  });
});

describe("a request on a link that throws what it likes", () => {
  it.each([
    ["nothing at all", undefined],
    ["an error of its own that only looks like ours", Object.assign(new Error("own"), { code: "QUEUE_FULL" })],
  ])("rejects with that: %s", async (_, thrown) => {
    const { link, rpc } = setup();
    link.write = () => {
      throw thrown; // eslint-disable-line @typescript-eslint/only-throw-error -- so do others
    };
    await expect(rpc.request("sum", [1, 2])).rejects.toBe(thrown);
    expect(rpc.size).toBe(0);
  });
});

describe("a call that is answered bit by bit in a dialect that has no such thing", () => {
  it("gets the end alone", async () => {
    const { link, rpc, clock } = setup(
      {},
      {
        ...exchangeDialect,
        read: (frame) => jsonRpc.read(frame),
        result: (id, value) => jsonRpc.result(id, value),
      },
    );
    rpc.handle("count", async function* () {
      yield 1;
      yield await Promise.resolve(2);
    });
    rpc.receive({ jsonrpc: "2.0", id: 5, method: "count" });
    await clock.settle();
    expect(link.written).toEqual([{ jsonrpc: "2.0", id: 5, result: null }]);
    expect(link.errors).toEqual([]);
  });
});

describe("the calls of the layers", () => {
  it("do not count among the application's, while they wait and when they are over", async () => {
    const { link, rpc, answer } = setup({ maxPending: 1 });
    const layers = rpc.call({ method: "subscribe", params: undefined });
    const first = rpc.request("first", undefined);
    const more = rpc.call({ method: "subscribe", params: undefined });
    await expect(rpc.request("too many", undefined)).rejects.toMatchObject({ code: "QUEUE_FULL" });
    answer(1, "subscribed");
    answer(3, "subscribed");
    await expect(Promise.all([layers, more])).resolves.toEqual(["subscribed", "subscribed"]);
    await expect(rpc.request("too many", undefined)).rejects.toMatchObject({ code: "QUEUE_FULL" });
    answer(2, 1);
    await expect(first).resolves.toBe(1);
    const second = rpc.request("second", undefined);
    answer(6, 2);
    await expect(second).resolves.toBe(2);
    expect(link.written.map(({ method }) => method)).toEqual(["subscribe", "first", "subscribe", "second"]);
  });
});
