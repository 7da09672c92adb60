import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../../../src/connection/connection.ts";
import type { ConnectionOptions } from "../../../src/connection/options.ts";
import { resolveTarget, webSocketUrl } from "../../../src/connection/target.ts";
import { newAbortController } from "../../../src/core/signal.ts";
import { setup } from "./world.ts";

const CONTEXT = { attempt: 0, cause: undefined, refresh: false, signal: newAbortController().signal };

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return "taken";
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the URL", () => {
  it.each([
    ["ws://example.com", "ws://example.com/"],
    ["wss://example.com/feed?a=1&b=%20", "wss://example.com/feed?a=1&b=%20"],
    ["http://example.com/feed", "ws://example.com/feed"],
    ["https://example.com:8443", "wss://example.com:8443/"],
    ["HTTPS://EXAMPLE.com/Feed", "wss://example.com/Feed"],
    ["  ws://example.com ", "ws://example.com/"],
    ["ws://user:pass@example.com", "ws://user:pass@example.com/"],
    ["ws://[::1]:80/", "ws://[::1]/"],
    ["ws://bücher.example", "ws://xn--bcher-kva.example/"],
  ])("%s is dialled as %s", (url, dialled) => {
    expect(webSocketUrl(url)).toBe(dialled);
  });

  it.each([
    "",
    "example.com",
    "/feed",
    "ws:",
    "ws://",
    "ftp://example.com",
    "javascript:alert(1)",
    "httpx://example.com",
    "ws://example.com/#part",
    "ws://example.com#",
    "ws://example.com:99999",
    "ws://exa mple.com",
    undefined,
    null,
    5,
    {},
    ["ws://example.com/#x"],
  ])("refuses %j, and does not quote it", (url) => {
    expect(messageOf(() => webSocketUrl(url))).toBe(
      'Option "url" takes a ws:, wss:, http: or https: URL, in a page also a relative one, without #fragment',
    );
  });

  it.each([
    ["/feed?x=1", "wss://app.example/feed?x=1"],
    ["feed", "wss://app.example/rooms/feed"],
    ["//other.example/feed", "wss://other.example/feed"],
    ["ws://other.example", "ws://other.example/"],
  ])("in a page may be relative: %s is %s", (url, dialled) => {
    vi.stubGlobal("location", { href: "https://app.example/rooms/1" });
    expect(webSocketUrl(url)).toBe(dialled);
  });

  it("is still looked at where there is no URL class", () => {
    vi.stubGlobal("URL", undefined);
    expect(webSocketUrl("https://example.com/feed")).toBe("wss://example.com/feed");
    expect(messageOf(() => webSocketUrl("example.com"))).toContain('Option "url"');
    expect(messageOf(() => webSocketUrl(5))).toContain('Option "url"');
  });

  it("is absolute, of WebSocket's kind and without a fragment, whatever comes, or it is refused without a quotation", () => {
    const odd = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string(), fc.anything());
    fc.assert(
      fc.property(odd, (url) => {
        try {
          return /^wss?:\/\/[^#]+$/.test(webSocketUrl(url));
        } catch (error) {
          return error instanceof TypeError && error.message.startsWith('Option "url" takes a ws:');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("protocols and headers", () => {
  it.each([
    [undefined, []],
    ["chat", ["chat"]],
    [
      ["a", "b"],
      ["a", "b"],
    ],
    [[], []],
  ])("%j are offered as %j", (protocols, offered) => {
    const options = { url: "ws://x", ...(protocols && { protocols }) };
    expect(resolveTarget(options, () => CONTEXT)).toEqual({ url: "ws://x/", protocols: offered, headers: undefined });
  });

  it.each<[string, unknown, unknown]>([
    ["protocols", 5, undefined],
    ["protocols", null, undefined],
    ["protocols", ["a", 5], undefined],
    ["protocols", {}, undefined],
    ["headers", "chat", "a: b"],
    ["headers", "chat", null],
    ["headers", "chat", { a: 5 }],
    ["headers", "chat", { a: undefined }],
    ["headers", "chat", { a: null }],
    ["headers", "chat", new Headers({ a: "b" })],
    ["headers", "chat", new Map([["a", "b"]])],
    ["headers", "chat", [["a", "b"]]],
    ["headers", "chat", { "a b": "c" }],
    ["headers", "chat", { a: "b\nc" }],
    ["protocols", ["a b"], undefined],
    ["protocols", ["a", "a"], undefined],
    ["protocols", "dG9rZW4=", undefined],
    ["protocols", "", undefined],
  ])("refuse %s", (name, protocols, headers) => {
    // The cast: JavaScript providers answer anything.
    const options = {
      url: "ws://x",
      protocols: () => protocols,
      headers: () => headers,
    } as unknown as ConnectionOptions;
    expect(messageOf(() => resolveTarget(options, () => CONTEXT))).toMatch(new RegExp(`^Option "${name}" takes `));
  });

  it("are answered at once where nothing is a promise, and later where something is", async () => {
    expect(resolveTarget({ url: () => "ws://x", headers: { a: "b" } }, () => CONTEXT)).toEqual({
      url: "ws://x/",
      protocols: [],
      headers: { a: "b" },
    });
    const later = resolveTarget({ url: () => Promise.resolve("ws://x"), protocols: () => "chat" }, () => CONTEXT);
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toEqual({ url: "ws://x/", protocols: ["chat"], headers: undefined });
  });
});

describe("a target that cannot be dialled", () => {
  it.each<[string, Partial<ConnectionOptions>]>([
    ["url", { url: "example.com" }],
    ["url", { url: "ws://example.com/#SECRET" }],
    ["headers", { headers: { a: 5 } as unknown as Record<string, string> }], // JavaScript callers pass anything
  ])("as a plain value gives up: it will not get better (%s)", async (name, options) => {
    const { connection, clock, server } = setup({ options });
    void connection.connect();
    await clock.advanceAsync(0);
    expect(connection.state).toMatchObject({ name: "closed", cause: { code: "UNSUPPORTED" } });
    expect(JSON.stringify(connection.state)).not.toContain("SECRET");
    expect(String((connection.state as { cause?: Error }).cause?.cause)).toContain(`Option "${name}"`); // it is closed, see above
    expect(server.dials).toBe(0);
  });

  it.each<[string, Partial<ConnectionOptions>]>([
    ["url", { url: () => "example.com" }],
    ["protocols", { protocols: () => [5] as unknown as string[] }], // JavaScript providers answer anything
    ["a subprotocol that is no token, as a bare base64 may be", { protocols: () => "dG9rZW4=" }],
    ["a header of two lines", { headers: () => ({ a: "b\nc" }) }],
    ["a promise of a url", { url: () => Promise.resolve("") }],
  ])("from a provider is a failed attempt: the next answer may be better (%s)", async (_, options) => {
    const { connection, clock } = setup({ options });
    void connection.connect();
    await clock.advanceAsync(0);
    expect(connection.state).toMatchObject({ name: "waiting", cause: { code: "PROVIDER_FAILED" } });
  });
});

describe("the constructor", () => {
  it.each([
    [{}, "url"],
    [{ url: "" }, "url"],
    [{ url: 5 }, "url"],
    [{ url: "ws://x", connectTimeout: "5" }, "connectTimeout"],
    [{ url: "ws://x", closeTimeout: -1 }, "closeTimeout"],
    [{ url: "ws://x", stableAfter: NaN }, "stableAfter"],
    [{ url: "ws://x", retry: "always" }, "retry"],
    [{ url: "ws://x", backoff: { minimum: 5 } }, "backoff.minimum"],
    [{ url: "ws://x", backoff: { max: "5" } }, "backoff.max"],
    [{ url: "ws://x", handshake: true }, "handshake"],
    [{ url: "ws://x", transport: {} }, "transport"],
    [{ url: "ws://x", timeout: 5 }, "timeout"],
  ])("names the option that cannot be right: %j", (options, name) => {
    // The cast: JavaScript callers pass anything.
    expect(messageOf(() => new Connection(options as ConnectionOptions))).toMatch(
      new RegExp(`^Option "${name.replace(".", "\\.")}" takes `),
    );
  });

  it("does nothing else: no dial, no timer, no watcher", () => {
    const { clock, server, network, states } = setup();
    expect([clock.pending, server.dials, network.watchers, states.length]).toEqual([0, 0, 0, 0]);
  });
});
