import { describe, expect, it } from "vitest";
import type { HoldfastError } from "../../../src/core/errors.ts";
import { jsonRpc, Rpc, type RpcOptions } from "../../../src/rpc.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

interface Side {
  readonly rpc: Rpc;
  readonly errors: HoldfastError[];
}

/** Two ends of a pipe that carries JSON in promise jobs, each of them an Rpc and nothing else. */
function pair(): { readonly clock: VirtualClock; readonly left: Side; readonly right: Side } {
  const clock = new VirtualClock();
  const side = (other: () => Side): Side => {
    const errors: HoldfastError[] = [];
    const rpc = new Rpc(
      jsonRpc,
      {
        encode: (frame) => JSON.stringify(frame),
        write: (data) => {
          void Promise.resolve().then(() => other().rpc.receive(JSON.parse(data as string)));
          return true;
        },
        queue: () => () => undefined,
        report: (error) => {
          errors.push(error);
        },
      },
      clock,
    );
    rpc.opened();
    return { rpc, errors };
  };
  const left: Side = side(() => right);
  const right: Side = side(() => left);
  return { clock, left, right };
}

describe("rpc without a connection", () => {
  it("is symmetric: both sides call, notify, and stream", async () => {
    const { clock, left, right } = pair();
    const notes: unknown[] = [];
    right.rpc.handle("add", (params) => (params as number[]).reduce((a, b) => a + b));
    left.rpc.handle("name", () => "left");
    right.rpc.handle("count", async function* () {
      yield 1;
      yield await Promise.resolve(2);
    });
    left.rpc.handle("note", (params) => notes.push(params));
    await expect(left.rpc.request("add", [1, 2])).resolves.toBe(3);
    await expect(right.rpc.request("name", undefined)).resolves.toBe("left");
    expect(right.rpc.notify("note", "hello")).toBe("written");
    const values: unknown[] = [];
    for await (const value of left.rpc.stream("count", undefined)) values.push(value);
    expect(values).toEqual([1, 2]);
    expect(notes).toEqual(["hello"]);
    expect([left.rpc.size, right.rpc.size, clock.pending]).toEqual([0, 0, 0]);
    expect([left.errors, right.errors]).toEqual([[], []]);
  });

  it("settles everything when its link is lost, and when it ends", async () => {
    const { clock, left, right } = pair();
    right.rpc.handle("never", () => new Promise(() => undefined));
    const requests = [left.rpc.request("never", 1), left.rpc.request("never", 2, { idempotent: "yes" })];
    expect(left.rpc.size).toBe(2);
    const { HoldfastError: Base } = await import("../../../src/rpc.ts");
    left.rpc.lost(new Base("CONNECTION_LOST", "gone"));
    await expect(requests[0]).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(left.rpc.size).toBe(1);
    left.rpc.end(new Base("CLOSED", "over"));
    await expect(requests[1]).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN", sent: true });
    expect([left.rpc.size, clock.pending]).toEqual([0, 0]);
  });

  it("says which frames it does not understand, and gives every id back to nobody else", () => {
    const { left } = pair();
    expect(left.rpc.receive("news")).toBe(false);
    expect(left.rpc.receive({ jsonrpc: "2.0", method: "nobody" })).toBe(false);
    expect(left.rpc.receive({ jsonrpc: "2.0", method: "event", params: { topic: "t" } })).toBe(false);
    expect(left.errors).toEqual([]);
    expect(left.rpc.receive({ jsonrpc: "2.0", id: 1, result: 1 })).toBe(true);
    expect(left.rpc.receive({ jsonrpc: "2.0", id: {} })).toBe(true);
    expect(left.errors.map(({ code }) => code)).toEqual(["UNEXPECTED_REPLY", "BAD_FRAME"]);
  });
});

describe("rpc on a link that throws", () => {
  it("reports what belonged to the link, and rejects what belonged to the caller", async () => {
    const errors: HoldfastError[] = [];
    const clock = new VirtualClock();
    const broken = new Error("no link");
    const link = {
      encode: JSON.stringify,
      write: (): boolean => {
        throw broken;
      },
      queue: () => () => undefined,
      report: (error: HoldfastError) => errors.push(error),
    };
    const rpc = new Rpc(jsonRpc, link, clock);
    await expect(rpc.request("a", 1)).rejects.toBe(broken);
    expect(() => rpc.notify("a", 1)).toThrow(broken);
    rpc.receive({ jsonrpc: "2.0", id: 1, method: "nobody" });
    expect(errors).toMatchObject([{ code: "DISCARDED", cause: broken }]);
    expect([rpc.size, clock.pending]).toEqual([0, 0]);
  });
});

describe("the options of rpc", () => {
  it.each([
    ["timeout", -1],
    ["timeout", "30s"],
    ["maxPending", Number.NaN],
    ["maxRunning", null],
    ["idempotent", "sum"],
    ["retries", 3],
  ])("refuse %s: %j by name", (name, value) => {
    const options: RpcOptions = { [name]: value };
    const link = { encode: String, write: () => true, queue: () => () => undefined, report: () => undefined };
    const make = (): unknown => new Rpc(jsonRpc, link, new VirtualClock(), options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`"rpc.${name}"`);
  });
});
