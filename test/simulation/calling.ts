import type { Random } from "../../src/core/random.ts";
import type { RequestOptions, SendOptions } from "../../src/index.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { endingOf, Whim } from "./endings.ts";
import type { Ran } from "./frames.ts";
import type { Op } from "./ledger.ts";
import type { Member } from "./member.ts";
import type { Run } from "./run.ts";

/** How much later than its deadline a call may end, besides what the page's timers are held back. */
const SLACK = 1_000;

/** The part of a user that sends and asks. */
export class Calling {
  readonly #run: Run;
  readonly #member: Member;
  readonly #random: Random;
  /** Streams that are being read. */
  #reading = 0;
  readonly #whims = new Set<Whim>();

  constructor(run: Run, member: Member) {
    this.#run = run;
    this.#member = member;
    this.#random = run.fork();
  }

  get unfinished(): readonly string[] {
    const forgotten = [...this.#whims].filter(({ listeners }) => listeners > 0).length;
    return [
      ...(this.#reading > 0 ? [`${this.#reading} streams are still read`] : []),
      ...(forgotten > 0 ? [`${forgotten} signals still have listeners`] : []),
    ];
  }

  send(): void {
    const { client, ledger } = this.#member;
    const random = this.#random;
    const op = ledger.begin("send", false);
    const options: SendOptions = {
      ...(chance(random, 0.2) && { ttl: pick(random, [0, 100, 3_000, 30_000]) }),
      ...(chance(random, 0.2) && { key: pick(random, ["a", "b"]) }),
      ...(chance(random, 0.1) && { signal: this.#whim() }),
      ...(chance(random, 0.2) && { scope: "connection" }),
      settled: (outcome) => {
        ledger.settled(op, outcome);
        this.#member.provoked();
      },
    };
    const pad = chance(random, 0.1) ? "π".repeat(integer(random, 0, 300)) : "";
    this.#returns(op, () => client.send({ op: op.number, pad }, options));
  }

  note(): void {
    const op = this.#member.ledger.begin("note", false);
    this.#returns(op, () => this.#member.client.notify("note", { op: op.number }));
  }

  ask(method: "get" | "put"): void {
    const random = this.#random;
    const { client, ledger, plan } = this.#member;
    const idempotent = method === "get" && chance(random, 0.5) ? pick(random, ["yes", "no"] as const) : undefined;
    const again = idempotent ? idempotent === "yes" : plan.rpc.idempotent.includes(method);
    const op = ledger.begin(method, again);
    const options: RequestOptions = {
      ...this.#callOptions(),
      ...(idempotent && { idempotent }),
      ...(chance(random, 0.1) && { scope: "connection" }),
    };
    const late = this.#deadline(options.timeout);
    const answer = client.request(method, { op: op.number }, options);
    ledger.cameBack(op);
    answer.then(
      (ran) => {
        this.#resolved(op, ran);
        late(op);
      },
      (error: unknown) => {
        this.#rejected(op, error);
        late(op);
      },
    );
  }

  /** Reads a stream to its end, or leaves it. */
  rows(): void {
    const op = this.#member.ledger.begin("rows", false);
    this.#reading++;
    void this.#read(op).finally(() => {
      this.#reading--;
    });
  }

  /** One message and one request that must go through now. */
  prove(): void {
    const { client, ledger, who } = this.#member;
    const op = ledger.begin("get", true);
    client.request("get", { op: op.number }, { timeout: Infinity, idempotent: "yes" }).then(
      (ran) => {
        this.#resolved(op, ran);
      },
      (error: unknown) => {
        this.#run.fail(`${who}: a request failed although all is well: ${String(error)}`);
      },
    );
    const message = ledger.begin("send", false);
    const answer = client.send(
      { op: message.number, pad: "" },
      {
        settled: (outcome) => {
          ledger.settled(message, outcome);
        },
      },
    );
    ledger.returned(message, answer);
  }

  async #read(op: Op): Promise<void> {
    const random = this.#random;
    const { client, ledger, page, who } = this.#member;
    const buffer = pick(random, [1, 1_000]);
    const patience = chance(random, 0.2) ? integer(random, 0, 5) : Infinity;
    const slow = chance(random, 0.3);
    let items = 0;
    try {
      const rows = client.stream("rows", { op: op.number }, { ...this.#callOptions(), buffer });
      ledger.cameBack(op);
      for await (const row of rows) {
        this.#run.check(row === ++items, () => `${who}: row ${row} of #${op.number} came where ${items} was due`);
        this.#provokedQuietly();
        if (items > patience) {
          ledger.ended(op, { outcome: "left" });
          return;
        }
        if (slow) await page.sleep(integer(random, 0, 300));
      }
      ledger.ended(op, { outcome: "resolved" });
      this.#run.check(items === op.rows, () => `${who}: got ${items} of ${op.rows} rows of #${op.number}`);
    } catch (error) {
      this.#rejected(op, error);
    }
  }

  #resolved(op: Op, ran: Ran): void {
    this.#member.ledger.ended(op, { outcome: "resolved" });
    this.#run.check(ran.op === op.number, () => `${this.#member.who}: #${op.number} got the answer to #${ran.op}`);
    this.#provokedQuietly();
  }

  #rejected(op: Op, error: unknown): void {
    const ending = endingOf(error);
    if (ending) this.#member.ledger.ended(op, ending);
    else this.#member.unexpected(error, `${op.kind} #${op.number}`);
    this.#provokedQuietly();
  }

  #returns(op: Op, call: () => "written" | "queued"): void {
    const { ledger, client } = this.#member;
    const over = client.state.name === "closing" || client.state.name === "closed";
    try {
      ledger.returned(op, call());
      this.#run.check(!over, () => `${this.#member.who}: a message was taken although the connection is closed`);
    } catch (error) {
      const ending = endingOf(error);
      if (!ending) this.#member.unexpected(error, op.kind);
      else ledger.returned(op, `thrown ${ending.outcome}`);
    }
  }

  #callOptions(): Pick<RequestOptions, "timeout" | "signal"> {
    const random = this.#random;
    return {
      ...(chance(random, 0.5) && { timeout: pick(random, [0, 50, 1_000, 10_000, Infinity]) }),
      ...(chance(random, 0.1) && { signal: this.#whim() }),
    };
  }

  /** A call ends by its deadline, however late timers and clocks are. */
  #deadline(timeout: number = this.#member.plan.rpc.timeout): (op: Op) => void {
    const { page, who } = this.#member;
    const { held, setBacks } = page;
    return ({ number, startedAt, outcome }) => {
      const took = this.#run.world.now() - startedAt - (page.held - held);
      const most = timeout * (1 + page.setBacks - setBacks) + SLACK; // a clock that is set back makes it begin anew
      this.#run.check(took <= most, () => `${who}: #${number} (${String(outcome)}) took ${took} ms, not ${most}`);
    };
  }

  #whim(): Whim {
    const whim = new Whim();
    this.#whims.add(whim);
    if (chance(this.#random, 0.1)) whim.abort();
    else
      this.#run.world.after(integer(this.#random, 0, 20_000), () =>
        this.#member.page.clock.task(() => {
          whim.abort();
        }),
      );
    return whim;
  }

  /** In code that awaits, nobody is there to catch. */
  #provokedQuietly(): void {
    try {
      this.#member.provoked();
    } catch {
      // on purpose
    }
  }
}
