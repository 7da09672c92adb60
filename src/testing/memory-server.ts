import type { Random } from "../core/random.ts";
import type { DialRequest, SocketEvents, Transport, TransportSocket } from "../transport/transport.ts";
import { CountingClock } from "./counting-clock.ts";
import { MemoryConnection, type ConnectionHost } from "./memory-connection.ts";
import { Dials } from "./memory-dials.ts";
import { Pipe, type PipeSettings } from "./memory-pipe.ts";
import {
  BROKEN_PROMISES,
  record,
  type BrokenPromise,
  type DialAnswer,
  type ToClient,
  type ToServer,
} from "./memory-script.ts";
import type { MemoryServerOptions } from "./memory-server-options.ts";
import type { PageClock } from "./page-clock.ts";
import { MemorySocket, type SocketHost } from "./memory-socket.ts";
import { chance } from "./seeded-random.ts";

const DEFAULT_KEEP = 10_000;
/** With what probability a rude dial breaks each promise: a few at once, now and then none, and each for every seed soon. */
const RUDENESS = 0.25;

/**
 * A WebSocket server and the network to it, in memory and scriptable. Its `transport` keeps every promise of the `Transport`
 * interface until it is told to break one.
 *
 * @example
 * const clock = new VirtualClock();
 * const server = new MemoryServer({ clock });
 * server.onConnection = (connection) => {
 *   connection.onMessage = (data) => { connection.send(data); };
 * };
 * const client = createClient({ url: "ws://test", clock, transport: server.transport });
 */
export class MemoryServer {
  /** Called in `dial` itself. What it throws, `dial` throws: the transport says that this can never work. */
  onDial: ((request: DialRequest) => void) | undefined;
  /** Called when the server has accepted a dial; the client learns of it later. Set `onMessage` of the connection here. */
  onConnection: ((connection: MemoryConnection) => void) | undefined;
  /** The promises that the transport breaks, on every connection; add and delete at any time. */
  readonly breaks: Set<BrokenPromise> = new Set();
  /**
   * The rude mode: while there is a source of randomness here, each new dial breaks promises that are drawn from it, each of
   * them with a chance of one in four. `breaks` of the connection tells which.
   */
  rude: Random | undefined;
  /** Dials one socket to this server. */
  readonly transport: Transport;
  /** As the option; what is on its way already travels as it did. */
  latency: number | (() => number);
  /** As the option. */
  rate: number;

  readonly #options: MemoryServerOptions;
  readonly #clock: CountingClock;
  readonly #waiting: Dials;
  readonly #all: MemoryConnection[] = [];
  readonly #open = new Set<MemoryConnection>();
  #dials = 0;
  #live = 0;
  #maxLive = 0;

  constructor(options: MemoryServerOptions) {
    this.#options = options;
    this.#clock = new CountingClock(options.clock);
    this.#waiting = new Dials(this.#clock);
    this.latency = options.latency ?? 0;
    this.rate = options.rate ?? Infinity;
    this.rude = options.rude;
    this.transport = (request, events) => this.#dial(request, events, undefined);
  }

  /** What every dial meets, unless `next` says otherwise. @default { type: "accept" } */
  get answer(): DialAnswer {
    return this.#waiting.answer;
  }

  set answer(answer: DialAnswer) {
    this.#waiting.answer = answer;
  }

  /** The connections that are open for the server (accepted, and not ended that it knows of), oldest first. */
  get connections(): readonly MemoryConnection[] {
    return [...this.#open];
  }

  /** Every dial's connection, also refused and ended ones, oldest first. */
  get all(): readonly MemoryConnection[] {
    return this.#all;
  }

  /** The newest dial's connection. Throws if nobody has dialled. */
  get last(): MemoryConnection {
    const last = this.#all.at(-1);
    if (!last) throw new Error("nobody has dialled this server");
    return last;
  }

  /** How often it was dialled. */
  get dials(): number {
    return this.#dials;
  }

  /** When it was dialled, by its clock. */
  get dialTimes(): readonly number[] {
    return this.#all.map(({ dialledAt }) => dialledAt);
  }

  /** Sockets in the client's hands: dialled, and neither ended nor abandoned. */
  get live(): number {
    return this.#live;
  }

  /** The most there ever were at once. */
  get maxLive(): number {
    return this.#maxLive;
  }

  /** Timers of the clock that are the server's own: frames on their way, and answers that are still to come. */
  get pending(): number {
    return this.#clock.pending;
  }

  /** Scripts the coming dials, one answer each; after them `answer` holds again. */
  next(...answers: readonly DialAnswer[]): void {
    this.#waiting.next(answers);
  }

  /** A transport to this server for a page that has its own clock: while that is frozen, nothing arrives there. */
  transportOn(page: PageClock): Transport {
    return (request, events) => this.#dial(request, events, page);
  }

  /** Drops every connection and every dial that waits for an answer, without a word. */
  dropAll(): void {
    for (const connection of [...this.#waiting.waiting, ...this.#open]) connection.drop();
  }

  /** Sends a close frame on every open connection. */
  closeAll(code?: number, reason?: string): void {
    for (const connection of this.connections) connection.close(code, reason);
  }

  /** The server goes down: `dropAll`, and dials are refused until `start`. */
  stop(): void {
    this.#waiting.up = false;
    this.dropAll();
  }

  /** It is up again. */
  start(): void {
    this.#waiting.up = true;
  }

  #dial(request: DialRequest, events: SocketEvents, page: PageClock | undefined): TransportSocket {
    this.onDial?.(request);
    const { keep = DEFAULT_KEEP, pings } = this.#options;
    const connection = new MemoryConnection(this.#host(), ++this.#dials, request, this.#drawBreaks());
    const breaks = (promise: BrokenPromise): boolean => this.breaks.has(promise) || connection.breaks.has(promise);
    const toServer = new Pipe<ToServer>(
      this.#pipe(() => this.rate),
      (frame) => {
        connection.receive(frame);
      },
    );
    const socketHost = this.#socketHost(page, breaks, () => {
      if (!breaks("late-after-abandon") && !breaks("message-after-closed")) toClient.cut();
    });
    const socket = new MemorySocket(socketHost, events, toServer, pings === "absent" ? "absent" : "present");
    const toClient = new Pipe<ToClient>(
      this.#pipe(() => Infinity, page),
      (frame) => {
        socket.receive(frame);
      },
    );
    connection.attach(toClient, toServer);
    record(this.#all, connection, keep);
    this.#waiting.add(connection);
    this.#maxLive = Math.max(this.#maxLive, ++this.#live);
    if (breaks("opens-during-dial")) {
      toClient.rush(() => {
        connection.receive({ type: "dial" });
      });
    } else this.#knock(toServer);
    return socket;
  }

  #drawBreaks(): BrokenPromise[] {
    const { rude } = this;
    return rude ? BROKEN_PROMISES.filter(() => chance(rude, RUDENESS)) : [];
  }

  #knock(toServer: Pipe<ToServer>): void {
    if (this.#options.delivery !== "sync") {
      toServer.push({ type: "dial" });
    } else {
      void Promise.resolve().then(() => {
        toServer.push({ type: "dial" });
      });
    }
  }

  #pipe(rate: () => number, page?: PageClock): PipeSettings {
    const { delivery = "task" } = this.#options;
    const latency = (): number => (typeof this.latency === "number" ? this.latency : this.latency());
    return { clock: this.#clock, latency, rate, delivery, gate: page };
  }

  #socketHost(page: PageClock | undefined, breaks: SocketHost["breaks"], cutOff: () => void): SocketHost {
    return {
      breaks,
      bufferedAmount: this.#options.bufferedAmount ?? "reported",
      later: (run) => (page ? page.task(run) : this.#clock.after(0, run)),
      released: () => {
        this.#live--;
        cutOff();
      },
    };
  }

  #host(): ConnectionHost {
    return {
      now: () => this.#clock.now(),
      keep: this.#options.keep ?? DEFAULT_KEEP,
      pings: this.#options.pings ?? "answer",
      breaks: (connection, promise) => this.breaks.has(promise) || connection.breaks.has(promise),
      dialled: (connection) => {
        this.#waiting.arrived(connection);
      },
      chooseProtocol: (offered) => this.#choose(offered),
      opened: (connection) => {
        this.#waiting.remove(connection);
        this.#open.add(connection);
        this.onConnection?.(connection);
      },
      ended: (connection) => {
        this.#waiting.remove(connection);
        this.#open.delete(connection);
      },
    };
  }

  #choose(offered: readonly string[]): string {
    const { protocols } = this.#options;
    return (protocols ? offered.find((protocol) => protocols.includes(protocol)) : offered[0]) ?? "";
  }
}
