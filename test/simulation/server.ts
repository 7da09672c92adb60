import type { Random } from "../../src/core/random.ts";
import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import { chance, integer } from "../../src/testing/seeded-random.ts";
import { Answers } from "./answers.ts";
import { FORBIDDEN, Feeds } from "./feeds.ts";
import { failure, type Frame, opOf, readFrame, result } from "./frames.ts";
import { Inquiries } from "./inquiries.ts";
import { type Home, Link } from "./link.ts";
import type { Run } from "./run.ts";

/** The server's application: it speaks JSON-RPC, keeps feeds, calls back, and writes down what it has seen. */
export class SimServer {
  readonly feeds: Feeds;
  readonly inquiries: Inquiries;
  readonly links: Set<Link> = new Set<Link>();
  readonly #run: Run;
  readonly #random: Random;
  readonly #answers: Answers;
  readonly #newest = new Map<Home, Link>();
  /** Told of each connection. */
  onConnection: ((connection: MemoryConnection) => void) | undefined;
  #links = 0;
  /** While it hangs, what comes in waits here. */
  #inbox: (() => void)[] | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#random = run.fork();
    this.feeds = new Feeds(run, this.links);
    this.inquiries = new Inquiries(run, this.links);
    this.#answers = new Answers(run, ({ home }) => this.newest(home));
  }

  get hung(): boolean {
    return this.#inbox !== undefined;
  }

  /** The newest link of a client. */
  newest(home: Home): Link {
    const link = this.#newest.get(home);
    if (!link) throw new Error(`${home.who} has never been connected`);
    return link;
  }

  /** A client has connected. */
  connected(home: Home, connection: MemoryConnection): void {
    const link = new Link(++this.#links, home, connection);
    this.links.add(link);
    this.#newest.set(home, link);
    connection.onMessage = (data) => {
      const frame = readFrame(data);
      if (!frame) this.#run.fail(`${home.who}: the server got a frame that is none: ${String(data)}`);
      else this.#arrived(link, frame);
    };
    connection.onClose = () => {
      link.end();
      this.links.delete(link);
    };
    if (home.chatter > 0) this.#chat(link);
    this.onConnection?.(connection);
  }

  /** The link of a client's socket, if it is still there. */
  linkOf(connection: MemoryConnection | undefined): Link | undefined {
    return [...this.links].find((link) => link.connection === connection);
  }

  hang(): void {
    this.#inbox ??= [];
  }

  /** It goes on where it stood, or has been restarted meanwhile and knows nothing any more. */
  wake(memory: "kept" | "lost" = "kept"): void {
    const inbox = this.#inbox ?? [];
    this.#inbox = undefined;
    if (memory === "kept") for (const task of inbox) task();
    else this.inquiries.forget();
  }

  #arrived(link: Link, frame: Frame): void {
    const op = opOf(frame);
    const { home } = link;
    if (op !== undefined) home.ledger.arrived(op);
    if (!link.greeted && frame.auth === undefined) {
      this.#run.fail(`${home.who}: ${frame.method ?? "a message"} came before the handshake was over`);
    }
    const handle = (): void => {
      if (link.open) this.#handle(link, frame);
    };
    if (this.#inbox) this.#inbox.push(handle);
    else handle();
  }

  #handle(link: Link, frame: Frame): void {
    const { id, method, params } = frame;
    if (frame.auth !== undefined) this.#greet(link);
    else if (frame.sign === "ping") link.send('{"sign":"pong"}');
    else if (method === undefined) {
      if (frame.jsonrpc !== undefined) this.inquiries.answered(link, frame);
    } else if (method === "$/next") this.inquiries.item(link, params?.id, params?.value);
    else if (method === "$/cancelRequest") {
      link.streams.get(params?.id ?? "")?.();
      link.streams.delete(params?.id ?? "");
    } else if (id !== undefined) this.#request(link, id, method, params ?? {});
  }

  #request(link: Link, id: number | string, method: string, params: NonNullable<Frame["params"]>): void {
    const { op = -1, topic = "", since } = params;
    switch (method) {
      case "get":
      case "put":
        this.#answers.answer(link, { id, op });
        return;
      case "rows":
        this.#answers.rows(link, { id, op });
        return;
      case "subscribe":
        this.#subscribe(link, id, topic, since);
        return;
      case "unsubscribe":
        link.topics.delete(topic);
        link.send(result(id, true));
        return;
      default: // "ping" among them: that there is none is a sign of life as well
        link.send(failure(id, -32601, "Method not found"));
    }
  }

  #subscribe(link: Link, id: number | string, topic: string, since: number | undefined): void {
    if (topic === FORBIDDEN) {
      link.send(failure(id, 403, `no ${topic}`));
      return;
    }
    link.topics.add(topic);
    const dice = this.#run.stormy ? this.#random() : 0;
    const confirm = (): void => {
      link.send(result(id, true));
    };
    if (dice < 0.8) confirm();
    else if (dice < 0.95) this.#run.world.after(integer(this.#random, 1, 8_000), confirm);
    this.feeds.replay(link, topic, since);
    if (dice >= 0.95 && dice < 0.98) confirm();
  }

  #greet(link: Link): void {
    const dice = this.#run.stormy ? this.#random() : 0;
    const welcome = (): void => {
      link.greeted = true;
      link.send('{"welcome":true}');
      // What follows at once may arrive while the client is still busy with the handshake.
      if (this.#run.stormy && chance(this.#random, 0.3)) this.inquiries.push(link, 2);
    };
    if (dice < 0.85) welcome();
    else if (dice < 0.92) this.#run.world.after(integer(this.#random, 1, 6_000), welcome);
    else if (dice < 0.97) link.send('{"welcome":false}');
    this.#run.log(link.home.who, "greets", link.number);
  }

  #chat(link: Link): void {
    const again = (): void => {
      if (!link.open) return;
      if (!this.hung && link.greeted) this.inquiries.push(link, 1);
      this.#run.world.after(link.home.chatter, again);
    };
    this.#run.world.after(link.home.chatter, again);
  }
}
