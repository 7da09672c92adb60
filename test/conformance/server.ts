import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const HOST = "127.0.0.1";

/** What the server saw of one connection. */
interface Report {
  readonly code: number;
  readonly reason: string;
  readonly messages?: number;
}

/** What the server shows to browsers at a path. */
export interface Page {
  readonly type: string;
  readonly body: string;
}

/**
 * The server that the conformance cases dial. The path says what it does:
 * /echo, /count (counts messages for the report), /close?code&reason (closes once it is open), /drop (breaks the TCP connection when a
 * message comes), /raw?hex (answers a message with these bytes, which may be no frame at all), /burst?then=close (sends 1, 2, 3),
 * /offered (sends the subprotocols that were offered), /choose?protocol&then=close (chooses that one, or none), /refuse (401), /mute
 * (never answers).
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
  readonly #pages: Readonly<Record<string, Page>>;
  #nowhere = "";

  private constructor(pages: Readonly<Record<string, Page>>) {
    this.#pages = pages;
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

  /** A server on a free port, with these pages. */
  static async start(pages: Readonly<Record<string, Page>> = {}): Promise<ConformanceServer> {
    const server = new ConformanceServer(pages);
    await new Promise<void>((resolve) => server.#http.listen(0, HOST, resolve));
    server.#nowhere = await unusedAddress();
    return server;
  }

  /** Where it listens, and where nobody does. */
  get addresses(): { readonly base: string; readonly nowhere: string } {
    return { base: addressOf(this.#http), nowhere: this.#nowhere };
  }

  /** Of its pages. */
  get origin(): string {
    return addressOf(this.#http).replace("ws:", "http:");
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
    const page = this.#pages[pathname];
    if (page) response.setHeader("content-type", page.type).end(page.body);
    else if (pathname !== "/report") response.writeHead(426).end();
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
      if (pathname === "/drop") tcp.destroy();
      if (pathname === "/raw") tcp.write(Buffer.from(searchParams.get("hex") ?? "", "hex"));
    });
    webSocket.on("close", (code, reason) => {
      const report: Report = { code, reason: reason.toString() };
      this.#reports.set(searchParams.get("id") ?? "", pathname === "/count" ? { ...report, messages } : report);
      this.#tell(searchParams.get("id") ?? "");
    });
    if (pathname === "/offered") webSocket.send(JSON.stringify(list(headers["sec-websocket-protocol"])));
    if (pathname === "/burst") for (const text of ["1", "2", "3"]) webSocket.send(text);
    if (pathname === "/close") webSocket.close(...closeArguments(searchParams));
    else if (then === "close") webSocket.close(1000);
  }

  /** Answers who waits for a report, if there is one. */
  #tell(id: string): void {
    const report = this.#reports.get(id);
    if (report) this.#waiting.get(id)?.end(JSON.stringify(report));
  }
}

function addressOf(server: Server): string {
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  return `ws://${HOST}:${String(port)}/`;
}

async function unusedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = addressOf(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
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
