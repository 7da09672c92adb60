import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Transport } from "../../src/transport/transport.ts";
import type {
  ContractDial,
  ContractPeer,
  PeerAnswer,
  TransportFeatures,
  TransportHarness,
} from "../../src/testing/contract/contract.ts";
import { type FaultMode, FaultServer } from "./fault-server.ts";
import { reset } from "./reset.ts";

/** The contract's peer as a real server on 127.0.0.1. `stop` ends it. */
export class NodeHarness implements TransportHarness {
  readonly transport: Transport;
  readonly features: TransportFeatures;
  readonly #servers: FaultServer[] = [];

  constructor(transport: Transport, features: TransportFeatures) {
    this.transport = transport;
    this.features = features;
  }

  async arrange(answer: PeerAnswer): Promise<ContractDial> {
    let peer: NodePeer | undefined;
    const server = await FaultServer.start({
      mode: modeOf(answer),
      chooseProtocol: (offered) =>
        answer.name === "accept" && answer.protocol !== undefined && offered.has(answer.protocol) && answer.protocol,
      onConnection: (socket, request) => {
        peer = new NodePeer(socket, request);
        if (answer.name === "accept" && answer.greeting !== undefined) socket.send(answer.greeting);
      },
    });
    this.#servers.push(server);
    if (answer.name === "refuse") await server.stop();
    return {
      url: server.url,
      peer: () => peer,
      gone: () => server.counters.dials > 0 && server.connections === 0,
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.stop()));
  }
}

function modeOf(answer: PeerAnswer): FaultMode {
  switch (answer.name) {
    case "accept":
    case "refuse":
      return { name: "normal" };
    case "silence":
      return { name: "stall" };
    case "break":
      return { name: "reset", when: "asked" };
    case "status":
      return answer;
    default:
      return answer satisfies never;
  }
}

class NodePeer implements ContractPeer {
  readonly received: (string | Uint8Array)[] = [];
  readonly headers: Readonly<Record<string, unknown>>;
  end: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: WebSocket;
  readonly #tcp: Socket;

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.#socket = socket;
    this.#tcp = request.socket;
    this.headers = request.headers;
    socket.on("message", (data: Buffer, isBinary) => {
      this.received.push(isBinary ? Uint8Array.from(data) : data.toString());
    });
    socket.on("close", (code, reason) => {
      this.end = { code, reason: reason.toString() };
    });
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  destroy(): void {
    reset(this.#tcp);
  }

  /** Reads on, so that it sees when the client is gone, but `ws` hears nothing of it any more. */
  freeze(): void {
    this.#tcp.removeAllListeners("data");
    this.#tcp.resume();
  }
}
