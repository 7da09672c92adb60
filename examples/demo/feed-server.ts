import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { listen } from "./listen.ts";
import { type Market, TICK } from "./market.ts";
import { Session } from "./session.ts";

/** How long clients have to answer the close frame of a server that stops. */
const GRACE = 250;

/**
 * The WebSocket server of the market, on a listener of its own, so that it can be stopped and started without the page
 * going away. The market lives on meanwhile.
 */
export class FeedServer {
  /** The clients that are connected. */
  readonly sessions = new Set<Session>();
  /** While true, every upgrade is answered with HTTP 503. */
  refusing = false;
  readonly #market: Market;
  readonly #upgrades = new WebSocketServer({ noServer: true, maxPayload: 1 << 16, perMessageDeflate: false });
  #listener: Server | undefined;
  #ticker: NodeJS.Timeout | undefined;

  constructor(market: Market) {
    this.#market = market;
  }

  /** Listens on the first free of `ports` and lets the market tick. Resolves with the port. */
  async start(ports: readonly number[]): Promise<number> {
    const listener = createServer((_request, response) => {
      response
        .writeHead(426, { "content-type": "text/plain", upgrade: "websocket" })
        .end("This is a WebSocket server.\n");
    });
    listener.on("upgrade", (request, stream, head) => {
      this.#upgrade(request, stream, head);
    });
    const port = await listen(listener, ports);
    this.#listener = listener;
    this.#ticker ??= setInterval(() => {
      this.#tick();
    }, TICK);
    return port;
  }

  /** Stops listening, asks the clients to leave, and cuts those that do not. The market goes on. */
  async stop(code: number, reason: string): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (!listener) return;
    const closed = once(listener, "close");
    listener.close();
    for (const session of this.sessions) session.close(code, reason);
    const timer = setTimeout(() => {
      for (const session of this.sessions) session.terminate();
      listener.closeAllConnections();
    }, GRACE);
    await closed;
    clearTimeout(timer);
  }

  /** Stops for good. */
  async end(): Promise<void> {
    clearInterval(this.#ticker);
    await this.stop(1001, "going away");
  }

  #tick(): void {
    for (const trade of this.#market.advance(Date.now())) for (const session of this.sessions) session.push(trade);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (this.refusing) {
      stream.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#upgrades.handleUpgrade(request, stream, head, (socket) => {
      const session = new Session(socket, stream, this.#market);
      this.sessions.add(session);
      socket.on("close", () => this.sessions.delete(session));
    });
  }
}
