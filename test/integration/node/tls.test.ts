import { HttpsProxyAgent } from "https-proxy-agent";
import { afterAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { wsTransport, type WsOptions } from "../../../src/node.ts";
import { PrivateAuthority } from "../../support/certificates.ts";
import { reveals, until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { httpProxy, tlsFront } from "../../support/fronts.ts";
import { answerCalls } from "../../support/json-rpc-peer.ts";
import { LiveClient } from "../../support/live-client.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

const authority = new PrivateAuthority();
const { ca } = authority;
const here = authority.issue("here", "IP:127.0.0.1,DNS:localhost");
const elsewhere = authority.issue("elsewhere", "DNS:feed.internal");
const user = authority.issue("user");

afterAll(() => {
  authority[Symbol.dispose]();
});

/** A server behind TLS. */
async function startServer(options: Parameters<typeof tlsFront>[1] = here) {
  const server = await FaultServer.start({ onConnection: answerCalls });
  const front = await tlsFront(server.port, options);
  return {
    server,
    front,
    url: `wss://127.0.0.1:${String(front.port)}/`,
    [Symbol.asyncDispose]: async () => {
      await front[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

describe("TLS with a private authority", () => {
  it("opens where the authority is trusted, and comes back after a loss", async () => {
    await using secure = await startServer();
    await using live = await LiveClient.open({ url: secure.url, transport: wsTransport({ ca }) });
    expect(await live.client.request("echo", [1])).toEqual([1]);
    secure.front.cut();
    await live.fails("CONNECTION_LOST");
    await live.opens();
    expect(await live.client.request("echo", [2])).toEqual([2]);
    await until("a round trip", () => live.rtts.length > 0);
    expect(live.sockets.maxLive).toBe(1);
  });

  it.each<[string, WsOptions | undefined, string]>([
    ["without the authority", undefined, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["for another host name", { ca, servername: "feed.internal" }, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("says why it cannot open %s, keeps trying, and quotes no secret", async (_, options, code) => {
    await using secure = await startServer();
    const secret = "s3cr3t";
    await using live = new LiveClient({
      url: `${secure.url}?token=${secret}`,
      headers: { authorization: `Bearer ${secret}` },
      transport: wsTransport(options),
    });
    const { cause, state } = await live.fails("DIAL_FAILED");
    expect(state.name).toBe("waiting");
    expect(cause).toMatchObject({ name: "ConnectionError", closeCode: 1006, cause: { code } });
    expect(cause.message).toContain(code);
    expect(reveals(cause, secret)).toBe(false);
    await live.fails("DIAL_FAILED");
    expect(secure.server.counters.dials).toBe(0);
  });

  it("checks the certificate against the server name that it is given", async () => {
    await using secure = await startServer(elsewhere);
    const transport = wsTransport({ ca, servername: "feed.internal" });
    await using live = await LiveClient.open({ url: secure.url, transport });
    expect(await live.client.request("echo", 1)).toBe(1);
  });

  it("accepts any certificate where it is told to", async () => {
    await using secure = await startServer(elsewhere);
    await using live = await LiveClient.open({
      url: secure.url,
      transport: wsTransport({ rejectUnauthorized: false }),
    });
    expect(live.client.state.name).toBe("open");
  });

  it("shows a certificate of its own to a server that asks for one", async () => {
    await using secure = await startServer({ ...here, ca, requestCert: true });
    await using stranger = new LiveClient({ url: secure.url, transport: wsTransport({ ca }) });
    await stranger.fails("DIAL_FAILED");
    await stranger.client.close();
    expect(secure.server.counters.opened).toBe(0);
    await using known = await LiveClient.open({ url: secure.url, transport: wsTransport({ ca, ...user }) });
    expect(await known.client.request("echo", "known")).toBe("known");
  });

  it("closes at once, though the peer never answers", async () => {
    await using secure = await startServer();
    secure.server.onConnection = (socket) => {
      socket.pause();
    };
    await using live = await LiveClient.open({ url: secure.url, transport: wsTransport({ ca }), closeTimeout: 50 });
    const since = systemClock.now();
    await live.client.close();
    expect(systemClock.now() - since).toBeLessThan(1_000);
    await until("its connection is gone", () => secure.front.connections === 0);
  });
});

describe("the upgrade request", () => {
  it("carries headers, cookies and the origin, afresh for each attempt", async () => {
    await using server = await FaultServer.start();
    await using live = await LiveClient.open({
      url: server.url,
      headers: ({ attempt }) => ({ authorization: `Bearer ${String(attempt)}`, cookie: "session=1; theme=dark" }),
      protocols: ["feed.v2", "feed.v1"],
      transport: wsTransport({ origin: "https://app.example.test" }),
    });
    server.kill();
    await live.fails("CONNECTION_LOST");
    await live.opens();
    expect(server.requests.map(({ headers }) => headers)).toMatchObject(
      ["Bearer 0", "Bearer 1"].map((authorization) => ({
        authorization,
        cookie: "session=1; theme=dark",
        origin: "https://app.example.test",
        "sec-websocket-protocol": "feed.v2,feed.v1",
      })),
    );
    expect(live.client.protocol).toBe("feed.v2");
  });
});

describe("an HTTP proxy, as an agent", () => {
  it("carries plain and encrypted links, and new ones when they are lost", async () => {
    await using proxy = await httpProxy();
    await using plain = await FaultServer.start({ onConnection: answerCalls });
    await using encrypted = await startServer();
    const agent = new HttpsProxyAgent(`http://127.0.0.1:${String(proxy.port)}`);
    for (const { url } of [plain, encrypted]) {
      await using live = await LiveClient.open({ url, transport: wsTransport({ agent, ca }) });
      expect(await live.client.request("echo", "through")).toBe("through");
      proxy.cut();
      await live.fails("CONNECTION_LOST");
      await live.opens();
      expect(await live.client.request("echo", "again")).toBe("again");
    }
    const [first, second] = [`127.0.0.1:${String(plain.port)}`, `127.0.0.1:${String(encrypted.front.port)}`];
    expect(proxy.asked).toEqual([first, first, second, second]);
  });

  it("is noticed when it refuses, with its status", async () => {
    await using proxy = await httpProxy(407);
    await using server = await FaultServer.start();
    const agent = new HttpsProxyAgent(`http://127.0.0.1:${String(proxy.port)}`);
    await using live = new LiveClient({ url: server.url, transport: wsTransport({ agent }) });
    const { cause, state } = await live.fails("DIAL_FAILED");
    expect([state.name, cause.httpStatus]).toEqual(["waiting", 407]);
    expect(server.counters.dials).toBe(0);
  });
});
