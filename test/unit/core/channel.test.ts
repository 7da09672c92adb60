import { describe, expect, it, vi } from "vitest";
import { type BufferOptions, Channel } from "../../../src/core/channel.ts";
import { HoldfastError } from "../../../src/core/errors.ts";

type Result = IteratorResult<number | undefined, undefined>;
const DONE: Result = { value: undefined, done: true };

interface Setup {
  readonly channel: Channel<number | undefined>;
  readonly onEnd: ReturnType<typeof vi.fn<() => void>>;
}

function setup(options: BufferOptions = {}): Setup {
  const onEnd = vi.fn<() => void>();
  return { channel: new Channel(options, onEnd), onEnd };
}

/** Everything that can be read, and how the reading ended. */
async function drain(channel: Channel<number | undefined>): Promise<{ values: unknown[]; error?: unknown }> {
  const values: unknown[] = [];
  try {
    for await (const value of channel) values.push(value);
    return { values };
  } catch (error) {
    return { values, error };
  }
}

describe("a Channel", () => {
  it("gives out what was pushed, in order, and then what is pushed while somebody waits", async () => {
    const { channel } = setup();
    channel.push(1);
    channel.push(2);
    const reads = [channel.next(), channel.next(), channel.next(), channel.next()];
    channel.push(3);
    channel.push(4);
    expect(await Promise.all(reads)).toEqual([1, 2, 3, 4].map((value) => ({ value, done: false })));
  });

  it("takes undefined for a value like any other", async () => {
    const { channel } = setup();
    channel.push(undefined);
    channel.push(1);
    expect(await channel.next()).toEqual({ value: undefined, done: false });
    expect(await channel.next()).toEqual({ value: 1, done: false });
  });

  it("can be read to the end after its source has ended", async () => {
    const { channel, onEnd } = setup();
    channel.push(1);
    channel.push(2);
    channel.end();
    expect(onEnd).toHaveBeenCalledTimes(1);
    channel.push(3);
    expect(await drain(channel)).toEqual({ values: [1, 2] });
    expect(await channel.next()).toEqual(DONE);
  });

  it("throws what its source failed with, after the last value, and only once", async () => {
    const { channel, onEnd } = setup();
    const error = new Error("source");
    channel.push(1);
    channel.end(error);
    channel.end(new Error("later"));
    expect(await drain(channel)).toEqual({ values: [1], error });
    expect(await channel.next()).toEqual(DONE);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it("tells waiting readers that the source has ended", async () => {
    const { channel } = setup();
    const reads = [channel.next(), channel.next()];
    channel.end();
    expect(await Promise.all(reads)).toEqual([DONE, DONE]);
  });

  it("throws a failure at the first waiting reader, and at nobody else", async () => {
    const { channel } = setup();
    const error = new Error("source");
    const [first, second] = [channel.next(), channel.next()];
    channel.end(error);
    await expect(first).rejects.toBe(error);
    expect(await second).toEqual(DONE);
    expect(await channel.next()).toEqual(DONE);
  });

  it("forgets everything when the reader leaves", async () => {
    const { channel, onEnd } = setup();
    channel.push(1);
    channel.push(2);
    for await (const value of channel) {
      expect(value).toBe(1);
      break;
    }
    expect(onEnd).toHaveBeenCalledTimes(1);
    channel.push(3);
    expect(await channel.next()).toEqual(DONE);
    expect(await channel.return()).toEqual(DONE);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it("forgets a failure too when the reader leaves, and lets others that wait go", async () => {
    const { channel } = setup();
    const waiting = channel.next();
    await channel.return();
    expect(await waiting).toEqual(DONE);
    const failed = setup().channel;
    failed.end(new Error("source"));
    await failed.return();
    expect(await failed.next()).toEqual(DONE);
  });

  it("may be pushed to and ended from within its own end", async () => {
    const channel: Channel<number> = new Channel({}, () => {
      channel.push(1);
      channel.end();
    });
    channel.end();
    expect(await channel.next()).toEqual(DONE);
  });
});

describe("a Channel whose reader falls behind", () => {
  it("fails by default once 1000 values wait, and gives those out first", async () => {
    const { channel, onEnd } = setup();
    for (let value = 0; value < 1_000; value++) channel.push(value);
    expect(onEnd).not.toHaveBeenCalled();
    channel.push(1_000);
    channel.push(1_001);
    expect(onEnd).toHaveBeenCalledTimes(1);
    const { values, error } = await drain(channel);
    expect(values).toHaveLength(1_000);
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ code: "BUFFER_FULL" });
  });

  it.each<[BufferOptions, number[]]>([
    [{ buffer: 2, overflow: "drop-oldest" }, [3, 4]],
    [{ buffer: 2, overflow: "drop-newest" }, [1, 2]],
    [{ buffer: 0, overflow: "drop-oldest" }, []],
    [{ buffer: 0, overflow: "drop-newest" }, []],
    [{ buffer: Infinity }, [1, 2, 3, 4]],
  ])("with %o keeps %o of four values", async (options, kept) => {
    const { channel, onEnd } = setup(options);
    for (const value of [1, 2, 3, 4]) channel.push(value);
    expect(onEnd).not.toHaveBeenCalled();
    channel.end();
    expect(await drain(channel)).toEqual({ values: kept });
  });

  it("loses nothing to a reader that waits, even without a buffer", async () => {
    const { channel } = setup({ buffer: 0 });
    const read = channel.next();
    channel.push(1);
    expect(await read).toEqual({ value: 1, done: false });
  });

  it("has room again when something was read", async () => {
    const { channel } = setup({ buffer: 1 });
    channel.push(1);
    await channel.next();
    channel.push(2);
    channel.end();
    expect(await drain(channel)).toEqual({ values: [2] });
  });
});
