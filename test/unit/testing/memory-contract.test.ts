import { describe, it } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import type { InboundPayload } from "../../../src/core/payload.ts";
import type { MemoryConnection } from "../../../src/testing/memory-connection.ts";
import type { DialAnswer } from "../../../src/testing/memory-script.ts";
import { MemoryServer, type MemoryServerOptions } from "../../../src/testing/memory-server.ts";
import { memoryWebSocket } from "../../../src/testing/memory-websocket.ts";
import { RUNTIME_QUIRKS } from "../../../src/testing/websocket-quirks.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";
import {
  transportContract,
  type ContractDial,
  type ContractPeer,
  type PeerAnswer,
  type TransportFeatures,
  type TransportHarness,
} from "../../support/contract.ts";
import type { Transport } from "../../../src/transport/transport.ts";

const MEMORY: TransportFeatures = {
  headers: true,
  httpStatus: true,
  ping: true,
  terminate: true,
  cancelDial: true,
  checksUrl: false,
};
const NATIVE: TransportFeatures = {
  headers: false,
  httpStatus: false,
  ping: false,
  terminate: false,
  cancelDial: true,
  checksUrl: true,
};

/** The contract's peer on a server in memory, one server for each arranged dial; `ws://memory/3` leads to the third. */
class MemoryHarness implements TransportHarness {
  readonly transport: Transport;
  readonly features: TransportFeatures;
  readonly #servers: MemoryServer[] = [];
  readonly #options: Partial<MemoryServerOptions>;

  constructor(features: TransportFeatures, options: Partial<MemoryServerOptions> = {}, over = memoryTransport) {
    this.features = features;
    this.#options = options;
    this.transport = over((url) => this.#servers[Number(/\d+/.exec(url)?.[0] ?? 1) - 1]);
  }

  arrange(answer: PeerAnswer): Promise<ContractDial> {
    const server = new MemoryServer({ clock: systemClock, ...this.#options });
    server.answer = answerOf(answer);
    server.onConnection = (connection) => {
      peer = peerOf(connection);
      if (answer.name === "accept" && answer.greeting !== undefined) connection.send(answer.greeting);
    };
    let peer: ContractPeer | undefined;
    return Promise.resolve({
      url: `ws://memory/${this.#servers.push(server)}`,
      peer: () => peer,
      gone: () => server.dials > 0 && server.all.every(({ state }) => state === "closed"),
    });
  }
}

type Find = (url: string) => MemoryServer | undefined;

function found(find: Find, url: string): MemoryServer {
  const server = find(url);
  if (!server) throw new Error("nothing was arranged for this URL");
  return server;
}

function memoryTransport(find: Find): Transport {
  return (request, events) => found(find, request.url).transport(request, events);
}

function answerOf(answer: PeerAnswer): DialAnswer {
  switch (answer.name) {
    case "accept":
      return { type: "accept", protocol: answer.protocol ?? "" };
    case "silence":
      return { type: "stall" };
    case "refuse":
    case "break":
      return { type: "refuse" };
    case "status":
      return { type: "refuse", httpStatus: answer.status };
    default:
      return answer satisfies never;
  }
}

function peerOf(connection: MemoryConnection): ContractPeer {
  const headers = Object.entries(connection.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const received = (data: InboundPayload): string | Uint8Array =>
    typeof data === "string" ? data : new Uint8Array(data);
  return {
    headers: Object.fromEntries(headers) as Record<string, unknown>,
    get received() {
      return connection.received.map(({ data }) => received(data));
    },
    get end() {
      return connection.end && { code: connection.end.code, reason: connection.end.reason };
    },
    send: (data) => {
      connection.send(data);
    },
    close: (code = 1005, reason = "") => {
      connection.close(code, reason);
    },
    destroy: () => {
      connection.drop("arrives");
    },
    freeze: () => {
      connection.closeHandshake = "ignore";
    },
  };
}

const WS_RUNTIMES = { standard: [], ...RUNTIME_QUIRKS };
const harnesses: readonly (readonly [string, () => TransportHarness])[] = [
  ["MemoryServer", () => new MemoryHarness(MEMORY)],
  ["MemoryServer with latency", () => new MemoryHarness(MEMORY, { latency: 5 })],
  ["MemoryServer that delivers synchronously", () => new MemoryHarness(MEMORY, { delivery: "sync" })],
  ...Object.entries(WS_RUNTIMES).map(
    ([runtime, quirks]) =>
      [
        `the native transport over a memory WebSocket, ${runtime}`,
        () =>
          new MemoryHarness(NATIVE, {}, (find) => (request, events) => {
            const server = find(request.url) ?? new MemoryServer({ clock: systemClock });
            return webSocketTransport({ webSocket: () => memoryWebSocket(server, quirks) })(request, events);
          }),
      ] as const,
  ),
];

describe.concurrent.each(harnesses)("%s keeps the transport contract", (_, harness) => {
  const shared = harness();
  for (const { name, run } of transportContract(() => shared)) it(name, run);
});
