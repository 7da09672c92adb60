import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../../src/core/clock.ts";
import { reset } from "./reset.ts";

/** What a new connection meets. Those that are open already are not touched by a change. */
export type FaultMode =
  /** The upgrade is accepted. */
  | { readonly name: "normal" }
  /** The upgrade is accepted, and after `delay` ms the connection is closed with this code. */
  | { readonly name: "close"; readonly delay: number; readonly code?: number; readonly reason?: string }
  /** The TCP connection is accepted and reset, before or after the upgrade was asked for. */
  | { readonly name: "reset"; readonly when: "accepted" | "asked" }
  /** The TCP connection is accepted, and the upgrade is never answered. */
  | { readonly name: "stall" }
  /** The upgrade is answered with an HTTP status, such as 401, 429 or 503. */
  | { readonly name: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** Called for each accepted connection, before anything can come in. */
export type OnConnection = (socket: WebSocket, request: IncomingMessage) => void;

export interface FaultServerOptions {
  /** What to do with a connection. @default every frame is sent back */
  readonly onConnection?: OnConnection;
  /** Chooses one of the subprotocols offered. @default the first */
  readonly chooseProtocol?: (offered: ReadonlySet<string>) => string | false;
  readonly mode?: FaultMode;
  /** Where to listen. @default 127.0.0.1 */
  readonly host?: string;
}

/** What a server has seen since it was first started. */
export interface FaultCounters {
  /** TCP connections. */
  dials: number;
  /** WebSocket connections that were opened. */
  opened: number;
  /** WebSocket connections that are open now. */
  live: number;
  /** The most that were ever open at the same time. */
  maxLive: number;
  /** Data frames that came in. */
  frames: number;
}

/** A real WebSocket server on this machine that misbehaves on demand. It listens on one port for all its life. */
export class FaultServer implements AsyncDisposable {
  readonly counters: FaultCounters = { dials: 0, opened: 0, live: 0, maxLive: 0, frames: 0 };
  /** Every upgrade request, oldest first. */
  readonly requests: IncomingMessage[] = [];
  onConnection: OnConnection;
  mode: FaultMode;
  readonly #host: string;
  readonly #wss: WebSocketServer;
  readonly #tcp = new Set<Socket>();
  #http: Server | undefined;
  #port = 0;

  private constructor(options: FaultServerOptions) {
    this.onConnection = options.onConnection ?? echo;
    this.mode = options.mode ?? { name: "normal" };
    this.#host = options.host ?? "127.0.0.1";
    const handleProtocols = options.chooseProtocol;
    this.#wss = new WebSocketServer({
      noServer: true,
      clientTracking: true,
      ...(handleProtocols && { handleProtocols }),
    });
  }

  /** A server that listens, on a free port. */
  static async start(options: FaultServerOptions = {}): Promise<FaultServer> {
    const server = new FaultServer(options);
    await server.restart();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://${this.#host}:${String(this.#port)}/`;
  }

  /** How many TCP connections there are, with or without an upgrade. */
  get connections(): number {
    return this.#tcp.size;
  }

  /** The open WebSocket connections, oldest first. */
  get sockets(): readonly WebSocket[] {
    return [...this.#wss.clients];
  }

  /** Listens again after `stop`, on the same port. */
  async restart(): Promise<void> {
    if (this.#http) return;
    const http = createServer((_request, response) => response.writeHead(426).end());
    http.on("connection", (socket: Socket) => {
      this.#accept(socket);
    });
    http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(this.#port, this.#host, resolve);
    });
    this.#http = http;
    this.#port = (http.address() as AddressInfo).port; // a TCP server has no other kind of address
  }

  /** Stops listening, so that dials are refused, and destroys every connection. */
  async stop(): Promise<void> {
    const http = this.#http;
    if (!http) return;
    this.#http = undefined;
    const closed = new Promise((resolve) => http.close(resolve));
    this.kill();
    await closed;
  }

  /** Resets every TCP connection: no close frame, no FIN. */
  kill(): void {
    for (const socket of this.#tcp) reset(socket);
  }

  /** Sends a frame on every open connection. */
  broadcast(data: string | Uint8Array): void {
    for (const socket of this.sockets) socket.send(data);
  }

  /** Starts the closing handshake on every open connection. */
  closeAll(code?: number, reason?: string): void {
    for (const socket of this.sockets) socket.close(code, reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(socket: Socket): void {
    this.counters.dials++;
    this.#tcp.add(socket);
    socket.on("error", () => undefined);
    socket.on("end", () => {
      socket.destroySoon();
    });
    socket.on("close", () => this.#tcp.delete(socket));
    if (this.mode.name === "reset" && this.mode.when === "accepted") reset(socket);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { mode } = this;
    this.requests.push(request);
    switch (mode.name) {
      case "normal":
      case "close":
        this.#wss.handleUpgrade(request, socket, head, (webSocket) => {
          this.#opened(webSocket, request, mode);
        });
        return;
      case "reset":
        reset(request.socket);
        return;
      case "stall":
        socket.resume(); // to see when the client gives up
        return;
      case "status":
        socket.end(refusal(mode.status, mode.headers));
        return;
      default:
        mode satisfies never;
    }
  }

  #opened(socket: WebSocket, request: IncomingMessage, mode: FaultMode): void {
    const { counters } = this;
    counters.opened++;
    counters.live++;
    // One in its closing handshake is not open: the client may have been told of its end, and dialled, before we are.
    const open = this.sockets.filter(({ readyState, OPEN }) => readyState === OPEN);
    counters.maxLive = Math.max(counters.maxLive, open.length);
    let cancel: (() => void) | undefined;
    socket.on("error", () => undefined);
    socket.on("message", () => counters.frames++);
    socket.on("close", () => {
      counters.live--;
      cancel?.();
    });
    this.onConnection(socket, request);
    if (mode.name === "close")
      cancel = systemClock.after(mode.delay, () => {
        socket.close(mode.code, mode.reason);
      });
  }
}

function echo(socket: WebSocket): void {
  socket.on("message", (data, binary) => {
    socket.send(data, { binary });
  });
}

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): string {
  const fields = Object.entries({ connection: "close", "content-length": "0", ...headers });
  return [`HTTP/1.1 ${String(status)} Refused`, ...fields.map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  );
}
