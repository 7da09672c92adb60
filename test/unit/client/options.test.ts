import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClient } from "../../../src/client/client.ts";
import type { ClientOptions } from "../../../src/client/options.ts";
import { clientWorld } from "../../support/client-world.ts";

/** What each option takes: the answers of `typeof`, and words of its own. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  url: ["string", "function"],
  protocols: ["string", "array", "function"],
  headers: ["object", "function"],
  handshake: ["function"],
  connectTimeout: ["number"],
  closeTimeout: ["number"],
  stableAfter: ["number"],
  backoff: ["object"],
  "backoff.min": ["number"],
  "backoff.base": ["number"],
  "backoff.factor": ["number"],
  "backoff.max": ["number"],
  retry: ["function"],
  transport: ["function"],
  network: ["object"],
  clock: ["object"],
  random: ["function"],
  heartbeat: ["object", "off"],
  "heartbeat.interval": ["number"],
  "heartbeat.timeout": ["number"],
  "heartbeat.ping": ["object", "function", "auto", "expect"],
  "heartbeat.pong": ["function"],
  outbox: ["object"],
  "outbox.maxCount": ["number"],
  "outbox.maxBytes": ["number"],
  "outbox.overflow": ["reject", "drop-oldest", "drop-newest"],
  "outbox.highWater": ["number"],
  "outbox.lowWater": ["number"],
  "outbox.ttl": ["number"],
  rpc: ["object"],
  "rpc.timeout": ["number"],
  "rpc.maxPending": ["number"],
  "rpc.maxRunning": ["number"],
  "rpc.idempotent": ["array"],
  dialect: ["object", "none", "raw"],
  codec: ["object"],
  schemas: ["object"],
  "schemas.message": ["object", "function"],
  "schemas.results": ["object"],
  "schemas.params": ["object"],
  "schemas.topics": ["object"],
  maxMessageSize: ["number"],
  maxTopics: ["number"],
};

const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything(),
  fc.string(),
  fc.double(),
  fc.integer({ max: -1 }),
  fc.constantFrom<unknown>(null, NaN, -Infinity, true, 1n, Symbol("s"), "", "off", "none", "auto", "reject"),
  fc.constant<unknown>(() => undefined),
);

function isRight(value: unknown, takes: readonly string[]): boolean {
  if (value === undefined) return true;
  if (value === null) return false;
  if (typeof value === "number") return takes.includes("number") && value >= 0;
  if (typeof value === "string" && takes.includes(value)) return true;
  return takes.includes(Array.isArray(value) ? "array" : typeof value);
}

/** Options of which one, perhaps one within another, has that value. */
function withOption(path: string, value: unknown): ClientOptions {
  const [outer = "", inner] = path.split(".");
  const option = inner === undefined ? value : { [inner]: value };
  return { url: "ws://server", [outer]: option };
}

function thrownBy(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a wrong option", () => {
  const wrong = fc
    .tuple(fc.constantFrom(...Object.keys(TAKES)), anything)
    .filter(([path, value]) => !isRight(value, TAKES[path] ?? []));

  it("throws at once a TypeError that names it and what it takes, and does not quote what it got", () => {
    fc.assert(
      fc.property(wrong, ([path, value]) => {
        const error = thrownBy(() => createClient(withOption(path, value)));
        expect(error).toBeInstanceOf(TypeError);
        const { message } = error as TypeError;
        expect(message).toContain(`"${path}"`);
        for (const takes of TAKES[path] ?? []) expect(message).toContain(takes);
        if (typeof value === "string" && value.length > 20) expect(message).not.toContain(value);
      }),
      { numRuns: 3_000 },
    );
  });

  it("is also one that nobody knows, at every level: a typing mistake does not pass in silence", () => {
    const groups = ["", "backoff.", "heartbeat.", "outbox.", "rpc.", "schemas."];
    const name = fc.string({ minLength: 1 }).filter((one) => !one.includes(".") && one !== "__proto__");
    fc.assert(
      fc.property(
        fc.constantFrom(...groups),
        fc.oneof(name, fc.constantFrom("constructor", "toString")),
        (group, one) => {
          fc.pre(!Object.hasOwn(TAKES, `${group}${one}`));
          const error = thrownBy(() => createClient(withOption(`${group}${one}`, 1)));
          expect(error).toBeInstanceOf(TypeError);
          expect((error as TypeError).message).toContain(`"${group}${one}"`);
        },
      ),
    );
  });

  it.each([[undefined], [null], [5], ["ws://server"], [{}], [{ url: "" }], [{ url: undefined }]])(
    "is one that is missing: createClient(%j)",
    (options) => {
      const make = (): unknown => createClient(options as unknown as ClientOptions); // what a caller without types can do
      expect(make).toThrow(TypeError);
      expect(make).toThrow(/"(url|options)"/);
    },
  );
});

describe("a right option", () => {
  it("passes, and so does one that is undefined: that is one that was left out", () => {
    const right = fc
      .tuple(fc.constantFrom(...Object.keys(TAKES).filter((path) => path !== "url")), anything)
      .filter(([path, value]) => isRight(value, TAKES[path] ?? []))
      .filter(([, value]) => typeof value !== "object"); // an object may be wrong within
    fc.assert(
      fc.property(right, ([path, value]) => {
        expect(thrownBy(() => createClient(withOption(path, value)))).toBeUndefined();
      }),
    );
  });

  it("is what it says at its extremes: zero and Infinity", async () => {
    for (const path of Object.keys(TAKES).filter((one) => TAKES[one]?.includes("number"))) {
      expect(thrownBy(() => createClient(withOption(path, 0)))).toBeUndefined();
      expect(thrownBy(() => createClient(withOption(path, Infinity)))).toBeUndefined();
    }
    const { client, open, go } = clientWorld({
      heartbeat: { interval: Infinity, timeout: Infinity },
      stableAfter: Infinity,
    });
    await open();
    await go(3_600_000);
    expect(client.state.name).toBe("open");
  });
});
