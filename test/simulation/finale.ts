import { TOPICS } from "./feeds.ts";
import type { Member } from "./member.ts";
import { longestWait } from "./plan.ts";
import type { Run } from "./run.ts";
import type { SimServer } from "./server.ts";
import type { User } from "./user.ts";

/** What frames and answers may take once all is well. */
const MARGIN = 10_000;

/** What was under way when the trouble ended has arrived after this time. */
const AFTERMATH = 20_000;

/** All is well again: does everything recover in time, arrive, and leave nothing behind? */
export class Finale {
  readonly #run: Run;
  readonly #server: SimServer;
  readonly #members: readonly Member[];
  readonly #users: readonly User[];

  constructor(run: Run, server: SimServer, members: readonly Member[], users: readonly User[]) {
    this.#run = run;
    this.#server = server;
    this.#members = members;
    this.#users = users;
  }

  async play(): Promise<void> {
    for (const act of this.#acts()) {
      if (this.#run.failed) return;
      await this.#run.advance(act());
    }
  }

  /** Each answers how long it takes. */
  #acts(): readonly (() => number)[] {
    return [
      () => {
        // A policy may give up over a link that is found dead later, when nobody calls connect() any more.
        for (const { path, plan } of this.#members)
          path.heal(plan.asks !== "cannot" && plan.asks !== "expects" && plan.retry === undefined);
        for (const user of this.#users) user.recover();
        return AFTERMATH;
      },
      () => {
        // A kick or a refusal that was under way has arrived by now.
        for (const user of this.#users) user.recover();
        return Math.max(...this.#members.map(recovery));
      },
      () => {
        this.#checkOpen();
        for (const user of this.#users) user.recover();
        return MARGIN;
      },
      () => {
        this.#checkOpen();
        for (const user of this.#users) user.prove();
        for (const topic of TOPICS) this.#server.feeds.publish(topic);
        return MARGIN;
      },
      () => {
        this.#checkWell();
        for (const user of this.#users) user.leave();
        return 120_000;
      },
      () => {
        this.#checkGone();
        return 0;
      },
    ];
  }

  #checkOpen(): void {
    for (const { who, client, topics } of this.#members) {
      this.#check(client.state.name === "open", `${who} has not recovered: ${JSON.stringify(client.state)}`);
      for (const topic of topics.wanted) {
        const fine = topics.isDoubtful(topic) || client.subscribe(topic).live;
        this.#check(fine, `${who}: the subscription of ${topic} has not recovered`);
      }
    }
  }

  /** Both sides agree on everything. */
  #checkWell(): void {
    for (const member of this.#members) {
      const { who, client, topics, wire, ledger } = member;
      const link = this.#server.linkOf(wire?.connection);
      if (!link) {
        this.#run.fail(`${who} is open, and the server knows nothing of that`);
        return;
      }
      // What the client has told that it does not know is no lie.
      const told = member.stranded !== undefined && member.stranded === wire?.number;
      const has = told ? [...link.topics].filter((topic) => topics.wanted.includes(topic)) : [...link.topics];
      const [theirs, ours] = [has.sort().join(), [...topics.wanted].sort().join()];
      this.#check(theirs === ours || !member.roomy, `${who} is subscribed to "${theirs}" and wants "${ours}"`);
      this.#check(client.queue.size === 0, `${who} still queues ${client.queue.size}`);
      ledger.checkArrived(wire?.number ?? 0);
      this.#server.inquiries.checkAnswered(link);
    }
  }

  #checkGone(): void {
    for (const [index, { who, client, page, path, ledger, handlers }] of this.#members.entries()) {
      ledger.checkSettled();
      for (const what of this.#users[index]?.unfinished ?? []) this.#run.fail(`${who}: ${what}`);
      this.#check(client.state.name === "closed", `${who} is ${client.state.name}`);
      this.#check(client.queue.size === 0 && client.queue.bytes === 0, `${who} still queues ${client.queue.size}`);
      this.#check(page.clock.pending === 0, `${who} has ${page.clock.pending} timers`);
      this.#check(page.network.watchers === 0, `${who} listens to the network`);
      this.#check(path.server.live === 0, `${who} has a socket`);
      this.#check(handlers.running === 0, `${who} still answers ${handlers.running} calls`);
    }
  }

  #check(holds: boolean, message: string): void {
    if (!holds) this.#run.fail(message);
  }
}

/** How long it may take from the end of all trouble until the client is open and every subscription live. */
function recovery({ plan, page }: Member): number {
  const { interval, timeout, connectTimeout, rpc } = plan;
  const notice = interval + 2 * timeout;
  return notice + connectTimeout + 2 * longestWait(plan) + rpc.timeout + page.lateness + MARGIN;
}
