import { type Client, type ClientHandshakeLink, createClient, type HoldfastError, jsonCodec } from "../../src/index.ts";
import type { ClientOptions } from "../../src/client/options.ts";
import type { AttemptContext } from "../../src/connection/options.ts";
import type { Random } from "../../src/core/random.ts";
import { chance, integer } from "../../src/testing/seeded-random.ts";
import { TOPICS } from "./feeds.ts";
import { type Api, type Frame, Mischief, opOf, readFrame } from "./frames.ts";
import { Handlers } from "./handlers.ts";
import { Incoming } from "./incoming.ts";
import { Ledger } from "./ledger.ts";
import type { Lie } from "./lies.ts";
import type { Home } from "./link.ts";
import { Page } from "./page.ts";
import { Path } from "./path.ts";
import { clientOptions, drawPlan, type Plan } from "./plan.ts";
import type { Run } from "./run.ts";
import type { SimServer } from "./server.ts";
import { StateWatch } from "./states.ts";
import { TopicBook } from "./topics.ts";
import { spied, type Wire } from "./wire.ts";

/** The topics that are subscribed with their sequence numbers; the others are not. */
const NUMBERED = new Set<string>(TOPICS.slice(0, 2));

/** Timers of one client: the machine's, the heartbeat's, the queue's deadline and poll, and the requests' deadline. */
const MOST_TIMERS = 5;

/** One client with its page, its network and its user's books, and everything that is checked about it all the time. */
export class Member implements Home {
  readonly who: string;
  readonly plan: Plan;
  readonly page: Page;
  readonly path: Path;
  readonly ledger: Ledger;
  readonly topics: TopicBook;
  readonly states: StateWatch;
  readonly handlers: Handlers;
  readonly client: Client<Api>;
  /** The newest socket. */
  wire: Wire | undefined;
  /** What the user does inside a callback; set by the user. */
  provoked: (how?: "steers") => void = () => undefined;
  readonly #run: Run;
  readonly #server: SimServer;
  readonly #random: Random;
  readonly #incoming: Incoming;
  #unconfirmed = 0;
  /** The socket of the state `open`. */
  #open: Wire | undefined;

  constructor(run: Run, who: string, server: SimServer, lie: Lie = {}) {
    this.who = who;
    this.#run = run;
    this.#server = server;
    this.#random = run.fork();
    this.plan = drawPlan(run.fork());
    this.page = new Page(run);
    this.ledger = new Ledger(run, who);
    this.topics = new TopicBook(run, who, NUMBERED);
    this.path = new Path(run, this.plan, (connection) => {
      server.connected(this, connection);
    });
    this.states = new StateWatch(run, who, this.plan, this.page, this.path);
    this.handlers = new Handlers(this.page, run.fork(), () => {
      this.provoked();
    });
    this.#incoming = new Incoming(run, this);
    this.client = createClient<Api>(this.#options(lie));
    this.#listen();
    this.handlers.install(this.client);
  }

  /** The wire on which it was told that the server may go on with a topic that was left. */
  stranded: number | undefined;

  get handshake(): boolean {
    return this.plan.handshake !== "none";
  }

  get roomy(): boolean {
    return this.plan.outbox.maxCount > 100 && this.plan.outbox.maxBytes > 10_000;
  }

  get chatter(): number {
    return this.plan.asks === "expects" ? Math.floor(this.plan.interval / 2) : 0;
  }

  /** What holds at every moment. */
  check(): void {
    const { outbox, rpc, interval, timeout, asks } = this.plan;
    const { queue, state } = this.client;
    const { clock, network, calm } = this.page;
    const limit = (asks === "expects" ? 2 : 1) * interval + 2 * timeout + 2_000;
    this.#check(
      queue.size <= outbox.maxCount && queue.bytes <= outbox.maxBytes,
      `queues ${queue.size}, ${queue.bytes}`,
    );
    this.#check(queue.size > 0 || queue.bytes === 0, `has an empty queue of ${queue.bytes} bytes`);
    this.#check(this.ledger.unsettled <= rpc.maxPending, `waits for ${this.ledger.unsettled} answers`);
    this.#check(this.topics.sure.length <= this.plan.maxTopics, "has too many topics");
    // A request that is overdue leaves one more turn to its answer, and so does a call that subscribes or leaves a topic.
    const turns = this.ledger.waiting + this.topics.wanted.length + this.topics.left;
    this.#check(clock.pending <= MOST_TIMERS + turns, `has ${clock.pending} timers`);
    this.#check(this.path.server.live <= 1, `has ${this.path.server.live} sockets`);
    this.#check(network.watchers <= 1, `listens to the network ${network.watchers} times`);
    if (state.name !== "open" || asks === "cannot" || calm < limit) return;
    const silence = this.#run.world.now() - (this.wire?.heardAt ?? 0);
    this.#check(silence <= limit, `has not noticed that its link is dead for ${silence} ms`);
  }

  /** An error that no check of its own explains. */
  unexpected(error: unknown, where: string): void {
    this.#run.fail(`${this.who}: ${where} threw ${String(error)}`);
  }

  #options({ transport: lie = (real) => real }: Lie): ClientOptions {
    const { clock, network } = this.page;
    const { plan } = this;
    return {
      ...clientOptions(plan),
      clock,
      network,
      codec: {
        encode: jsonCodec.encode,
        decode: (data) => {
          this.#incoming.decoding(data);
          return jsonCodec.decode(data);
        },
      },
      random: this.#run.fork(),
      transport: lie(spied(this.path.server, this.page, this.#run.world, this.ledger, this.#incoming)),
      url: plan.url === "plain" ? "ws://sim" : (context) => this.#url(context),
      ...(plan.handshake !== "none" && { handshake: (link: ClientHandshakeLink) => this.#greet(link) }),
    };
  }

  #url({ signal }: AttemptContext): string | Promise<string> {
    this.provoked();
    const dice = this.#run.stormy ? this.#random() : 0;
    if (this.plan.url === "slow") return this.page.sleep(dice * 4_000).then(() => "ws://sim");
    if (this.plan.url === "function" || dice < 0.7) return "ws://sim";
    if (dice < 0.8) throw new Mischief("url");
    if (dice < 0.9) return "";
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(new Mischief("url"));
      });
    });
  }

  async #greet(link: ClientHandshakeLink): Promise<void> {
    this.provoked();
    link.send({ auth: this.who });
    for (;;) {
      // The cast: until it has welcomed us, the server sends nothing but frames of its own.
      const { welcome } = (await link.receive()) as Frame;
      if (welcome === false) throw new Mischief("not welcome");
      if (welcome === true) break;
    }
    this.provoked();
    const slow = this.#run.stormy && this.plan.handshake === "slow auth";
    if (slow) await this.page.sleep(integer(this.#random, 0, 2_000));
  }

  #listen(): void {
    const { client, topics, ledger } = this;
    client.on("state", (state) => {
      this.#check(client.state === state, `says ${state.name} and is ${client.state.name}`);
      this.#leaving(state.name);
      this.states.changed(state);
    });
    client.on("error", (error) => {
      this.#error(error);
    });
    client.on("message", (message) => {
      this.#incoming.message(message);
    });
    client.on("gap", () => {
      topics.gap();
    });
    client.on("dropped", ({ data, reason }) => {
      const frame = readFrame(data);
      const op = opOf(frame);
      if (op !== undefined) ledger.dropped(op, reason);
      else this.#server.inquiries.dropped(this.#server.linkOf(this.wire?.connection), frame?.id ?? frame?.params?.id);
    });
    client.on("unconfirmed", ({ count }) => {
      this.#unconfirmed = count;
    });
    this.#provoke();
  }

  /** Callbacks of the application, which do what they like. They come after those that check. */
  #provoke(): void {
    const provoked = (): void => {
      this.provoked();
    };
    for (const name of ["state", "message", "gap", "dropped", "unconfirmed", "rtt"] as const) {
      this.client.on(name, () => this.#provokedLater());
    }
    this.client.on("error", provoked);
    // It tells of a frame while that is sent: what is sent from here would come before it, and rightly so.
    this.client.on("debug", () => {
      this.provoked("steers");
    });
  }

  /** Some listeners are asynchronous, and reject. */
  async #provokedLater(): Promise<void> {
    this.provoked();
    if (chance(this.#random, 0.01)) await Promise.reject(new Mischief("listener"));
  }

  /** The link is left: frames of which nobody knows whether they arrived must have been told by now. */
  #leaving(name: string): void {
    if (name === "closing" || name === "closed") this.topics.closed();
    const left = this.#open;
    this.#open = name === "open" ? this.wire : undefined;
    if (!left || this.plan.delivery === "sync") return;
    const { unconfirmed } = left;
    this.#check(
      this.#unconfirmed === unconfirmed,
      `told of ${this.#unconfirmed} unconfirmed frames, not ${unconfirmed}`,
    );
    this.#unconfirmed = 0;
  }

  #error(error: HoldfastError): void {
    const { code, cause, message } = error;
    this.#run.log(this.who, "error", code);
    this.#run.count(`error ${code}`);
    this.#incoming.error(code);
    if (code === "LISTENER_FAILED" && !(cause instanceof Mischief)) {
      // A policy may answer nonsense; everything else that is thrown here is thrown on purpose.
      const nonsense = cause instanceof TypeError && cause.message.startsWith("retry()");
      if (!nonsense) this.unexpected(cause, "a callback");
    }
    if (code === "REMOTE_ERROR" && message.startsWith("no ")) this.topics.refused(message.slice(3));
    if (cause instanceof Mischief && cause.message.startsWith("params ")) this.topics.refused(cause.message.slice(7));
    if ("method" in error && error.method === "unsubscribe") this.stranded = this.wire?.number;
    if ("method" in error && error.method === "subscribe") {
      this.topics.doubt((topic) => this.client.subscribe(topic).live);
    }
  }

  #check(holds: boolean, why: string): void {
    if (!holds) this.#run.fail(`${this.who} ${why}`);
  }
}
