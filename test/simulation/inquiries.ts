import type { Random } from "../../src/core/random.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { call, type Frame, notification } from "./frames.ts";
import type { Inquiry, Link } from "./link.ts";
import type { Run } from "./run.ts";

/** What the server calls at the clients; see `handlers.ts` for what each of them does. "nobody" handles the last. */
export const METHODS = ["sync", "later", "boom", "remote", "items", "hang", "missing"] as const;

/** Values that a client streams as the answer to `items`. */
export const ITEMS = 3;

/** The most that a handler takes for its answer. */
export const LATER = 3_000;

const JUNK: readonly (string | Uint8Array)[] = [
  '{"bad',
  "",
  "null",
  "[]",
  "[1,2]",
  "42",
  '"event"',
  '{"jsonrpc":"2.0"}',
  '{"jsonrpc":"2.0","id":{},"result":1}',
  '{"jsonrpc":"2.0","method":7}',
  '{"jsonrpc":"2.0","id":{},"method":"sync"}',
  '{"jsonrpc":"2.0","method":"event","params":{"topic":"__proto__","data":1}}',
  '{"jsonrpc":"2.0","method":"$/next","params":{}}',
  '[{"jsonrpc":"2.0","method":"constructor"}]',
  new Uint8Array([1, 2, 3]),
];

/** What the server begins by itself: messages, calls, and nonsense. */
export class Inquiries {
  readonly #run: Run;
  readonly #random: Random;
  readonly #links: ReadonlySet<Link>;
  #calls = 0;

  constructor(run: Run, links: ReadonlySet<Link>) {
    this.#run = run;
    this.#random = run.fork();
    this.#links = links;
  }

  start(): void {
    const spacing = this.#run.pace * pick(this.#random, [1, 4, 20]);
    const again = (): void => {
      if (!this.#run.stormy) return;
      for (const link of [...this.#links]) if (link.greeted && chance(this.#random, 0.5)) this.#bother(link);
      this.#run.world.after(integer(this.#random, 1, 2 * spacing), again);
    };
    this.#run.world.after(spacing, again);
  }

  /** Messages with their numbers, which must arrive in this order. */
  push(link: Link, count: number): void {
    for (; count > 0; count--) link.send(JSON.stringify({ push: ++link.pushes, link: link.number }));
  }

  /** What came in while it hung is lost, answers among it. */
  forget(): void {
    for (const link of this.#links) for (const inquiry of link.inquiries.values()) inquiry.forgotten = true;
  }

  /** A client has told that a frame of its queue, perhaps an answer, was dropped: its user has cleared it. */
  dropped(link: Link | undefined, id: number | string | undefined): void {
    const inquiry = link?.inquiries.get(String(id));
    if (inquiry) inquiry.lost = true;
  }

  /** A client has answered. */
  answered(link: Link, frame: Frame): void {
    const inquiry = this.#find(link, frame.id);
    if (!inquiry) return;
    link.inquiries.delete(String(frame.id));
    const { method, number } = inquiry;
    const code = frame.error?.code;
    this.#run.count(`answered ${method}`);
    const right =
      inquiry.forgotten ||
      code === -32000 || // it is busy
      (method === "sync" || method === "later" ? frame.result === number : false) ||
      ((method === "boom" || method === "sync") && code === -32603) ||
      (method === "remote" && code === number) ||
      (method === "missing" && code === -32601) ||
      (method === "items" && frame.result === null && inquiry.items === ITEMS) || // whole
      (method === "items" && code === -32603 && (inquiry.lost || !link.home.roomy)) ||
      (method !== "missing" && code === -32601); // its handler has been taken off for a while
    this.#run.check(right, () => `${link.home.who}: answered ${method} ${number} with ${JSON.stringify(frame)}`);
  }

  /** One value of a streaming answer has come. */
  item(link: Link, id: number | string | undefined, value: unknown): void {
    const inquiry = this.#find(link, id);
    if (!inquiry) return;
    const next = ++inquiry.items;
    const right = inquiry.method === "items" && (value === next || inquiry.forgotten);
    this.#run.check(right, () => `${link.home.who}: streamed ${String(value)} to ${inquiry.method}`);
  }

  /** The link is well, nothing is stormy any more, and time has passed: every call must have been answered. */
  checkAnswered(link: Link): void {
    for (const { method, number, cancelled, forgotten, lost } of link.inquiries.values()) {
      const due = !cancelled && !forgotten && !lost && method !== "hang" && link.home.roomy;
      this.#run.check(!due, () => `${link.home.who}: never answered ${method} ${number}`);
    }
  }

  /** An answer goes back on the link on which the call came, and once; one to a cancelled call may have crossed the cancellation. */
  #find(link: Link, id: number | string | undefined): Inquiry | undefined {
    const inquiry = link.inquiries.get(String(id));
    this.#run.check(inquiry !== undefined, () => `${link.home.who}: answered ${String(id)}, which waits for nothing`);
    return inquiry;
  }

  #bother(link: Link): void {
    const dice = this.#random();
    if (dice < 0.3) this.push(link, integer(this.#random, 1, 3));
    else if (dice < 0.7) this.#call(link);
    else if (dice < 0.8) link.send(notification("sync", { op: -1 }));
    else if (dice < 0.85) link.ping();
    else {
      this.#run.fault("junk", link.home.who);
      link.send(pick(this.#random, JUNK));
    }
  }

  #call(link: Link): void {
    const method = pick(this.#random, METHODS);
    const number = ++this.#calls;
    const id = `s${String(number)}`;
    const inquiry: Inquiry = { method, number, items: 0, cancelled: false, forgotten: false, lost: false };
    link.inquiries.set(id, inquiry);
    link.send(call(id, method, { number }));
    if (!chance(this.#random, method === "hang" ? 0.8 : 0.2)) return;
    this.#run.world.after(integer(this.#random, 0, 5_000), () => {
      inquiry.cancelled = true;
      link.send(notification("$/cancelRequest", { id }));
    });
  }
}
