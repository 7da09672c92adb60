import type { Run } from "./run.ts";

export type Kind = "send" | "note" | "get" | "put" | "rows";

/** One deed of a user, as its own side and the server have seen it. */
export interface Op {
  readonly number: number;
  readonly kind: Kind;
  /** Declared as harmless to run twice. */
  readonly again: boolean;
  readonly startedAt: number;
  /** When its call began, and when that came back: counted, over all deeds of the user. */
  readonly begun: number;
  back: number;
  /** How often a socket has taken it, and which one last. */
  handed: number;
  wire: number;
  /** The id of the request, once it is known. */
  id: number | string | undefined;
  /** How often it has reached the server. */
  arrived: number;
  /** How often the server has run it. */
  runs: number;
  /** What the server has answered so far. */
  readonly answers: Set<"result" | "failure">;
  /** How many rows the server sends. */
  rows: number;
  /** What the client said became of it; "queued" is no outcome yet. */
  outcome: string | undefined;
  /** What the event `dropped` said of it. */
  dropped: string | undefined;
}

/** How a call ended, in the terms of the client. */
export interface Ending {
  readonly outcome: string;
  /** What a `RequestError` says. */
  readonly sent?: boolean | undefined;
}

/** The deeds of one user, each compared with what the sockets took and what the server saw. */
export class Ledger {
  readonly #run: Run;
  readonly #who: string;
  readonly #ops: Op[] = [];
  #moments = 0;
  /** Of those that a socket was handed, the one whose call began last. */
  #last: Op | undefined;
  #unsettled = 0;
  #reading = 0;

  constructor(run: Run, who: string) {
    this.#run = run;
    this.#who = who;
  }

  /** Requests that have no outcome yet. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** The same, and streams that are read. */
  get waiting(): number {
    return this.#unsettled + this.#reading;
  }

  /** Numbers rise in the order of the calls. */
  begin(kind: Kind, again: boolean): Op {
    const op: Op = {
      number: this.#ops.length,
      kind,
      again,
      startedAt: this.#run.world.now(),
      begun: ++this.#moments,
      back: Infinity,
      handed: 0,
      wire: 0,
      id: undefined,
      arrived: 0,
      runs: 0,
      answers: new Set(),
      rows: 0,
      outcome: undefined,
      dropped: undefined,
    };
    this.#ops.push(op);
    this.#run.count(`did ${kind}`);
    if (isAnswered(op)) this.#unsettled++;
    if (kind === "rows") this.#reading++;
    return op;
  }

  /** Its call has come back: from now on it has its place among the others. */
  cameBack(op: Op): void {
    op.back = ++this.#moments;
  }

  /** A socket is handed a frame that carries a deed. True for the first time. */
  handing(number: number, wire: number, id: number | string | undefined): boolean {
    const op = this.#op(number);
    if (op.handed > 0) {
      this.#check(op.again, op, "was written twice");
      this.#check(op.wire !== wire, op, "was written twice to one connection");
      this.#check(op.id === id, op, "was written again with another id");
    } else {
      // Calls that are made within this one, from a callback, are neither before nor after it.
      const overtaken = this.#last !== undefined && op.back < this.#last.begun;
      this.#check(!overtaken, op, `was written after #${String(this.#last?.number)}`);
      this.#check(op.outcome === undefined || op.outcome === "queued", op, "was written after it had ended");
      if (!this.#last || op.begun > this.#last.begun) this.#last = op;
    }
    op.wire = wire;
    op.id = id;
    return ++op.handed === 1;
  }

  /** The socket did not take it after all. */
  refused(number: number): void {
    this.#op(number).handed--;
  }

  /** It has reached the server. */
  arrived(number: number): void {
    const op = this.#op(number);
    op.arrived++;
    this.#check(op.arrived <= op.handed, op, "arrived more often than it was written");
  }

  /** The server runs it. Answers how often it has done so. */
  ran(number: number): number {
    const op = this.#op(number);
    op.runs++;
    this.#check(op.runs === 1 || op.again, op, "was run twice");
    return op.runs;
  }

  answered(number: number, answer: "result" | "failure"): void {
    this.#op(number).answers.add(answer);
  }

  rows(number: number, count: number): void {
    this.#op(number).rows = count;
  }

  /** The event `dropped` told of it. */
  dropped(number: number, reason: string): void {
    const op = this.#op(number);
    this.#check(op.dropped === undefined, op, `was dropped twice: ${reason}`);
    this.#check(op.handed === 0, op, `was dropped (${reason}) after it had been written`);
    op.dropped = reason;
  }

  /** What `send` or `notify` answered or threw. A message that is flushed within the call has been settled by then. */
  returned(op: Op, answer: string): void {
    this.cameBack(op);
    if (answer !== "queued") this.settled(op, answer);
    else op.outcome ??= "queued";
  }

  /** A message has ended. */
  settled(op: Op, outcome: string): void {
    this.#conclude(op, outcome);
    if (outcome === "written") this.#check(op.handed === 1, op, "is said to be written, and no socket has taken it");
    else this.#check(op.handed === 0, op, "was written, and that is not what is said");
  }

  /** A call has ended. */
  ended(op: Op, { outcome, sent }: Ending): void {
    if (isAnswered(op)) this.#unsettled--;
    else this.#reading--;
    this.#conclude(op, outcome);
    const written = op.handed > 0;
    if (sent !== undefined) this.#check(sent === written, op, `says sent: ${String(sent)}, and that is not so`);
    switch (outcome) {
      case "resolved":
        this.#check(op.answers.has("result"), op, "was resolved, and the server gave no result");
        return;
      case "remote":
        this.#check(op.answers.has("failure"), op, "failed, and the server did not say so");
        return;
      case "OUTCOME_UNKNOWN":
        this.#check(written, op, "has an unknown outcome, and was never written");
        return;
      case "TIMEOUT":
      case "aborted":
      case "left":
      case "BUFFER_FULL":
        return;
      default:
        this.#check(!written, op, `ended as ${outcome}, and had been written`);
    }
  }

  /** Everything that was written to `wire`, which is in good health, must have arrived by now. */
  checkArrived(wire: number): void {
    for (const op of this.#ops) {
      if (op.handed > 0 && op.wire === wire) this.#check(op.arrived > 0, op, "was written to a good link and got lost");
    }
  }

  /** Nobody does anything any more, and the client is closed: everything must have ended, once. */
  checkSettled(): void {
    for (const op of this.#ops) {
      if (isCall(op)) {
        this.#check(op.outcome !== undefined, op, "never ended");
      } else if (op.outcome === "queued") {
        const ended = op.kind === "note" && (op.handed === 1) !== (op.dropped !== undefined);
        this.#check(ended, op, "was queued, and nothing more was heard of it");
      } else {
        const dropped = op.outcome === "written" || op.outcome?.startsWith("thrown") === true ? undefined : op.outcome;
        this.#check(op.dropped === dropped, op, `was told to be dropped: ${String(op.dropped)}`);
      }
    }
  }

  #conclude(op: Op, outcome: string): void {
    const open = op.outcome === undefined || op.outcome === "queued";
    this.#check(open, op, `ended twice, the second time as ${outcome}`);
    op.outcome = outcome;
    this.#run.log(this.#who, outcome, op.number);
    this.#run.count(`outcome ${outcome}`);
  }

  #op(number: number): Op {
    const op = this.#ops[number];
    if (!op) throw new Error(`${this.#who} has done no deed ${String(number)}`);
    return op;
  }

  #check(holds: boolean, { kind, number, outcome, handed, arrived, runs }: Op, why: string): void {
    if (holds) return;
    const seen = `outcome ${String(outcome)}, written ${String(handed)}, arrived ${String(arrived)}, run ${String(runs)}`;
    this.#run.fail(`${this.#who}: ${kind} #${String(number)} ${why} (${seen})`);
  }
}

function isCall({ kind }: Op): boolean {
  return kind === "get" || kind === "put" || kind === "rows";
}

function isAnswered({ kind }: Op): boolean {
  return kind === "get" || kind === "put";
}
