import { connect } from "node:net";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Files } from "./files.ts";
import type { Build, Command } from "./page/protocol.ts";
import { World } from "./world.ts";

/** How the pages of the cases are protected, by their path. */
const HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/strict.html": { "content-security-policy": "default-src 'self'" },
  "/forbidding.html": { "content-security-policy": "default-src 'self'; connect-src 'none'" },
  "/isolated.html": {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  },
};

/** The web server of the cases: pages, modules, the built package, and a world for whoever asks for one. */
export class Site implements AsyncDisposable {
  /** The path of every request that was made, since `requests` was last emptied. */
  readonly requests: string[] = [];
  readonly #files: Files;
  readonly #worlds = new Map<number, World>();
  readonly #http: Server;
  #nextWorld = 1;

  private constructor(files: Files) {
    this.#files = files;
    this.#http = createServer((request, response) => {
      this.#respond(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    this.#http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
  }

  static async start(): Promise<Site> {
    const site = new Site(await Files.load());
    await new Promise<void>((resolve) => site.#http.listen(0, "127.0.0.1", resolve));
    return site;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port; // a TCP server has no other kind of address
  }

  /** The same server under two names: two sites, to a browser. */
  url(path: string, host: "127.0.0.1" | "localhost" = "127.0.0.1"): string {
    return `http://${host}:${String(this.port)}${path}`;
  }

  suiteUrl(build: Build): string {
    return this.url(`/suite/${build}`);
  }

  /** A world that stays until the site is stopped; it can also be dialled at `/world/<id>`. */
  async world(): Promise<{ readonly id: number; readonly world: World }> {
    const id = this.#nextWorld++;
    const world = await World.start();
    this.#worlds.set(id, world);
    return { id, world };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#worlds.values()].map((world) => world[Symbol.asyncDispose]()));
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").replace(/\?.*$/, "");
    this.requests.push(path);
    if (path.startsWith("/worlds")) {
      const answer = await this.#control(request.method ?? "", path, await readBody(request));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
      return;
    }
    const file = await this.#files.get(path);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    // Not "no-store": that keeps a page out of the back/forward cache.
    response
      .writeHead(200, { "content-type": file.type, "cache-control": "no-cache", ...HEADERS[path] })
      .end(file.body);
  }

  /** POST /worlds makes one; POST, GET and DELETE /worlds/<id> hurt it, look at it and end it. */
  async #control(method: string, path: string, body: string): Promise<unknown> {
    const id = Number(path.split("/")[2]);
    if (Number.isNaN(id)) {
      const made = await this.world();
      return made.world.address(made.id);
    }
    const world = this.#worlds.get(id);
    if (!world) throw new Error(`There is no world ${String(id)}`);
    if (method === "POST") await world.do(JSON.parse(body) as Command); // the pages of this folder are all who ask
    if (method === "DELETE") {
      this.#worlds.delete(id);
      await world[Symbol.asyncDispose]();
    }
    return world.seen;
  }

  /** A WebSocket of the page's own origin: the world's server behind this one. */
  #upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const world = this.#worlds.get(Number((request.url ?? "").split("/")[2]));
    if (!world) {
      client.destroy();
      return;
    }
    const server = connect(world.server.port, "127.0.0.1");
    const fields = request.rawHeaders.map((text, index) => (index % 2 === 0 ? `\r\n${text}: ` : text)).join("");
    server.write(`GET / HTTP/1.1${fields}\r\n\r\n`);
    server.write(head);
    server.pipe(client).pipe(server);
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // a stream without an encoding gives buffers
  return Buffer.concat(chunks).toString();
}
