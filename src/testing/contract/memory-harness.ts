import { systemClock } from "../../core/clock.ts";
import type { InboundPayload } from "../../core/payload.ts";
import type { MemoryConnection } from "../memory-connection.ts";
import type { DialAnswer } from "../memory-script.ts";
import type { MemoryServerOptions } from "../memory-server-options.ts";
import { MemoryServer } from "../memory-server.ts";
import type { ContractPeer, PeerAnswer, TransportFeatures, TransportHarness } from "./contract.ts";

/** A harness in memory, and the servers behind it. */
export interface MemoryHarness extends TransportHarness {
  /** The server to which this URL leads. One that nobody has arranged refuses every dial. */
  server(url: string): MemoryServer;
}

const FEATURES: TransportFeatures = {
  headers: true,
  httpStatus: true,
  ping: true,
  terminate: true,
  cancelDial: true,
  checksUrl: false,
};

/**
 * A harness for `transportContract` without any network, for a transport that is built on another one: wrap the harness's own
 * `transport`, and put yours in its place. Each arranged dial has a `MemoryServer` of its own, made with `options`.
 *
 * @example
 * const harness = memoryHarness();
 * const logged: Transport = (request, events) => {
 *   console.log("dialling");
 *   return harness.transport(request, events);
 * };
 * const cases = transportContract({ ...harness, transport: logged });
 */
export function memoryHarness(options: Partial<MemoryServerOptions> = {}): MemoryHarness {
  const clock = options.clock ?? systemClock;
  const servers = new Map<string, MemoryServer>();
  const server = (url: string): MemoryServer => {
    const known = servers.get(/^ws:\/\/memory\/\d+/.exec(url)?.[0] ?? "");
    if (known) return known;
    const nowhere = new MemoryServer({ ...options, clock });
    nowhere.stop();
    return nowhere;
  };
  return {
    clock,
    features: FEATURES,
    server,
    transport: (request, events) => server(request.url).transport(request, events),
    arrange: (answer) => {
      const arranged = new MemoryServer({ ...options, clock });
      const url = `ws://memory/${servers.size + 1}`;
      servers.set(url, arranged);
      return Promise.resolve(new Arranged(url, arranged, answer));
    },
  };
}

class Arranged {
  readonly url: string;
  readonly #server: MemoryServer;
  #peer: ContractPeer | undefined;

  constructor(url: string, server: MemoryServer, answer: PeerAnswer) {
    this.url = url;
    this.#server = server;
    server.answer = answerOf(answer);
    server.onConnection = (connection) => {
      this.#peer = new MemoryContractPeer(connection);
      if (answer.name === "accept" && answer.greeting !== undefined) connection.send(answer.greeting);
    };
  }

  peer(): ContractPeer | undefined {
    return this.#peer;
  }

  gone(): boolean {
    return this.#server.dials > 0 && this.#server.all.every(({ state }) => state === "closed");
  }
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

class MemoryContractPeer implements ContractPeer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly #connection: MemoryConnection;

  constructor(connection: MemoryConnection) {
    this.#connection = connection;
    const { headers, protocols } = connection;
    const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    // As on a real server: what a socket offers is a header too.
    const offered = protocols.length > 0 ? { "sec-websocket-protocol": protocols.join(", ") } : {};
    this.headers = { ...Object.fromEntries(own), ...offered };
  }

  get received(): readonly (string | Uint8Array)[] {
    return this.#connection.received.map(({ data }) => bytesOrText(data));
  }

  get end(): { readonly code: number; readonly reason: string } | undefined {
    const { end } = this.#connection;
    return end && { code: end.code, reason: end.reason };
  }

  send(data: string | Uint8Array): void {
    this.#connection.send(data);
  }

  close(code = 1005, reason = ""): void {
    this.#connection.close(code, reason);
  }

  destroy(): void {
    this.#connection.drop("arrives");
  }

  freeze(): void {
    this.#connection.closeHandshake = "ignore";
  }
}

function bytesOrText(data: InboundPayload): string | Uint8Array {
  return typeof data === "string" ? data : new Uint8Array(data);
}
