import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { BINARY, CLOSE, type Frame, FrameReader, frameOf, payloadOf, PING, PONG, TEXT } from "./frames.ts";

/** One client, as a role sees it. */
export interface Connection {
  text(message: string): void;
  binary(payload: Buffer): void;
  /** Frames that are made already, or bytes of several. */
  raw(bytes: Buffer): void;
}

/** What is done with a client. */
export interface Role {
  text(frame: Frame): void;
  binary(frame: Frame): void;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** All that is answered to one chunk leaves in one write, so that the server is never what a round waits for. */
class Peer implements Connection {
  readonly #socket: Duplex;
  #out: Buffer[] = [];
  #reading = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  text(message: string): void {
    this.raw(frameOf(TEXT, message));
  }

  binary(payload: Buffer): void {
    this.raw(frameOf(BINARY, payload));
  }

  raw(bytes: Buffer): void {
    this.#out.push(bytes);
    if (!this.#reading) this.#flush();
  }

  serve(role: Role): void {
    const reader = new FrameReader();
    this.#socket.on("data", (chunk: Buffer) => {
      this.#reading = true;
      reader.feed(chunk, (frame) => {
        this.#take(frame, role);
      });
      this.#reading = false;
      this.#flush();
    });
  }

  #take(frame: Frame, role: Role): void {
    if (frame.opcode === TEXT) role.text(frame);
    else if (frame.opcode === BINARY) role.binary(frame);
    else if (frame.opcode === PING) this.raw(frameOf(PONG, payloadOf(frame)));
    else if (frame.opcode === CLOSE) {
      this.raw(frameOf(CLOSE, payloadOf(frame)));
      this.#flush();
      this.#socket.end();
    }
  }

  #flush(): void {
    const [first] = this.#out;
    if (!first) return;
    this.#socket.write(this.#out.length === 1 ? first : Buffer.concat(this.#out));
    this.#out = [];
  }
}

/** A WebSocket server that asks `roleOf` what to do with a client. */
export function makeServer(roleOf: (url: string, connection: Connection) => Role): Server {
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    const { "sec-websocket-key": key, "sec-websocket-protocol": protocols } = request.headers;
    const accept = createHash("sha1")
      .update(`${key ?? ""}${GUID}`)
      .digest("base64");
    const chosen = protocols?.split(",")[0]?.trim();
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    if (chosen) lines.push(`Sec-WebSocket-Protocol: ${chosen}`);
    socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
    socket.setNoDelay(true);
    socket.on("error", () => {
      socket.destroy(); // a client may go as it likes
    });
    // Sockets of an HTTP server stay half-open.
    socket.on("end", () => {
      socket.end();
    });
    const peer = new Peer(socket);
    peer.serve(roleOf(request.url ?? "/", peer));
  });
  return server;
}
