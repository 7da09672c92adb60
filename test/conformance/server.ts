import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** What the server saw of one connection. */
interface Report {
  readonly code: number;
  readonly reason: string;
  readonly messages?: number;
}

/**
 * The server that the conformance cases dial. The path says what it does:
 * /echo, /count (counts messages for the report), /close?code&reason (closes once it is open), /drop (breaks the TCP connection once it
 * is open), /garbage (sends a frame with a reserved bit), /burst?then=close (sends 1, 2, 3), /offered (sends the subprotocols that were
 * offered), /choose?protocol&then=close (chooses that one, or none), /refuse (401), /mute (never answers).
 * `GET /report?id=x` tells how the connection with `?id=x` has ended.
 */
export class ConformanceServer implements AsyncDisposable {
  readonly #http: Server;
  readonly #wss = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered, { url }) => {
      const { pathname, searchParams } = address(url);
      return pathname === "/choose" ? (searchParams.get("protocol") ?? false) : ([...offered][0] ?? false);
    },
  });
  readonly #sockets = new Set<Duplex>();
  readonly #reports = new Map<string, Report>();
  readonly #waiting = new Map<string, ServerResponse>();

  private constructor() {
    this.#http = createServer((request, response) => {
      this.#answer(request, response);
    });
    this.#http.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    this.#http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
  }

  /** A server on a free port of `host`. */
  static async start(host = "127.0.0.1"): Promise<ConformanceServer> {
    const server = new ConformanceServer();
    await new Promise<void>((resolve) => server.#http.listen(0, host, resolve));
    return server;
  }

  get base(): string {
    const { address: host, port } = this.#http.address() as AddressInfo; // a TCP server has no other kind of address
    return `ws://${host}:${String(port)}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#http.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #answer({ url }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = address(url);
    const id = searchParams.get("id") ?? "";
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", "application/json");
    if (pathname !== "/report") response.writeHead(426).end();
    else {
      this.#waiting.set(id, response);
      this.#tell(id);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname } = address(request.url);
    if (pathname === "/mute") socket.resume();
    else if (pathname === "/refuse")
      socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    else {
      this.#wss.handleUpgrade(request, socket, head, (webSocket) => {
        this.#opened(webSocket, request, socket);
      });
    }
  }

  #opened(webSocket: WebSocket, { url, headers }: IncomingMessage, tcp: Duplex): void {
    const { pathname, searchParams } = address(url);
    const then = searchParams.get("then");
    let messages = 0;
    webSocket.on("error", () => undefined);
    webSocket.on("message", (data, binary) => {
      messages++;
      if (pathname === "/echo") webSocket.send(data, { binary });
    });
    webSocket.on("close", (code, reason) => {
      const report: Report = { code, reason: reason.toString() };
      this.#reports.set(searchParams.get("id") ?? "", pathname === "/count" ? { ...report, messages } : report);
      this.#tell(searchParams.get("id") ?? "");
    });
    if (pathname === "/offered") webSocket.send(JSON.stringify(list(headers["sec-websocket-protocol"])));
    if (pathname === "/burst") for (const text of ["1", "2", "3"]) webSocket.send(text);
    if (pathname === "/drop") tcp.destroy();
    if (pathname === "/garbage") tcp.write(Buffer.from([0xf1, 0x00]));
    if (pathname === "/close") webSocket.close(...closeArguments(searchParams));
    else if (then === "close") webSocket.close(1000);
  }

  /** Answers who waits for a report, if there is one. */
  #tell(id: string): void {
    const report = this.#reports.get(id);
    if (report) this.#waiting.get(id)?.end(JSON.stringify(report));
  }
}

function address(url = "/"): URL {
  return new URL(url, "http://localhost");
}

function list(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(",").map((each) => each.trim());
}

function closeArguments(query: URLSearchParams): [code?: number, reason?: string] {
  const code = query.get("code");
  return code === null ? [] : [Number(code), query.get("reason") ?? ""];
}
