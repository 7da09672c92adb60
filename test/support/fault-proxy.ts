import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { systemClock } from "../../src/core/clock.ts";
import { reset } from "./reset.ts";

/** `up` is from the client to the server, `down` the other way. */
export type Direction = "up" | "down";

/** What a new TCP connection meets: it is passed on, reset at once, or accepted and left alone. */
export type Admission = "pass" | "refuse" | "hang";

/**
 * A TCP proxy on 127.0.0.1 that stands for a bad network. It knows nothing of WebSocket, so what it does, networks do:
 * packets that come late, a link on which nothing comes any more though nobody closed it, a reset.
 */
export class FaultProxy implements AsyncDisposable {
  /** For new connections only. */
  admission: Admission = "pass";
  /** Delay of everything that passes, each way, in ms. Order is kept. */
  latency = 0;
  readonly #targetPort: number;
  readonly #server: Server;
  readonly #held = new Set<Direction>();
  readonly #pipes = new Set<Pipe>();
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#accept(client);
    });
  }

  /** A proxy that listens on a free port and passes everything on to `targetPort` on 127.0.0.1. */
  static async start(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // a TCP server has no other kind of address
  }

  get url(): string {
    return `ws://127.0.0.1:${String(this.port)}/`;
  }

  /**
   * From now on nothing passes, in one direction or in both, on old connections and on new ones: no bytes, no FIN, no reset.
   * Nothing is lost: a sender's buffers fill up, and after `heal` everything arrives, as TCP retransmits it.
   */
  blackhole(direction: Direction | "both" = "both"): void {
    for (const one of both(direction)) this.#held.add(one);
    this.#holdOrRelease();
  }

  heal(direction: Direction | "both" = "both"): void {
    for (const one of both(direction)) this.#held.delete(one);
    this.#holdOrRelease();
  }

  /** Resets every connection, on both sides. What was on its way is lost. */
  rst(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  /** Ends every connection with a FIN to both sides. */
  fin(): void {
    for (const socket of this.#sockets) socket.end();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.rst();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(client: Socket): void {
    this.#own(client);
    if (this.admission === "refuse") reset(client);
    if (this.admission !== "pass") return;
    const server = connect({ port: this.#targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.#own(server);
    this.#pipe("up", client, server);
    this.#pipe("down", server, client);
  }

  #own(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #pipe(direction: Direction, from: Socket, to: Socket): void {
    const pipe = new Pipe(
      direction,
      from,
      to,
      () => this.latency,
      () => this.#pipes.delete(pipe),
    );
    this.#pipes.add(pipe);
    pipe.hold(this.#held.has(direction));
  }

  #holdOrRelease(): void {
    for (const pipe of this.#pipes) pipe.hold(this.#held.has(pipe.direction));
  }
}

/** One direction of one connection: a queue of what is to be done to `to`, each step not before its time. */
class Pipe {
  readonly direction: Direction;
  readonly #from: Socket;
  readonly #queue: { readonly due: number; readonly run: () => void }[] = [];
  readonly #latency: () => number;
  #held = false;
  #cancel: (() => void) | undefined;

  constructor(direction: Direction, from: Socket, to: Socket, latency: () => number, onDone: () => void) {
    this.direction = direction;
    this.#from = from;
    this.#latency = latency;
    from.on("data", (chunk: Buffer) => {
      this.#later(() => to.write(chunk));
    });
    from.on("end", () => {
      this.#later(() => to.end());
    });
    from.on("close", (hadError) => {
      this.#later(() => {
        onDone();
        if (hadError) reset(to);
        else to.destroySoon();
      });
    });
    to.on("close", () => {
      onDone();
      this.#cancel?.();
      this.#queue.length = 0;
    });
  }

  hold(held: boolean): void {
    this.#held = held;
    if (held) {
      this.#from.pause();
      this.#cancel?.();
      this.#cancel = undefined;
    } else {
      this.#from.resume();
      this.#next();
    }
  }

  #later(run: () => void): void {
    this.#queue.push({ due: systemClock.now() + this.#latency(), run });
    this.#next();
  }

  #next(): void {
    if (this.#held || this.#cancel) return;
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      const wait = head.due - systemClock.now();
      if (wait > 0) {
        this.#cancel = systemClock.after(wait, () => {
          this.#cancel = undefined;
          this.#next();
        });
        return;
      }
      this.#queue.shift();
      head.run();
    }
  }
}

function both(direction: Direction | "both"): readonly Direction[] {
  return direction === "both" ? ["up", "down"] : [direction];
}
