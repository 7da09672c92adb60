import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** Something on 127.0.0.1 that stands before a server and passes bytes on. */
export class Front implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // a TCP server has no other kind of address
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Ends every connection, and accepts new ones. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }
}

/** Speaks TLS with the clients, and plain text with the server behind it. */
export function tlsFront(port: number, options: TlsOptions): Promise<Front> {
  const server = createTlsServer(options, (client) => {
    join(client, connect(port, "127.0.0.1"));
  });
  server.on("tlsClientError", () => undefined);
  return new Front(server).listen();
}

/** An HTTP proxy: it connects whoever asks by CONNECT, wherever they want, or refuses with a status. */
export async function httpProxy(refusal?: number): Promise<Front & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createHttpServer((_request, response) => response.writeHead(405).end());
  server.on("connect", ({ url = "" }, client: Socket) => {
    asked.push(url);
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${String(refusal)} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host, port] = url.split(":");
    const target = connect(Number(port), host, () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    join(client, target);
  });
  return Object.assign(await new Front(server).listen(), { asked });
}

function join(one: Socket, other: Socket): void {
  const done = (): void => undefined; // an error of one ends both
  pipeline(one, other, done);
  pipeline(other, one, done);
}
