import { type Losses, lossesOf } from "./losses.ts";
import type { ClientEvent, Receipt } from "./messages.ts";

/** What became of the messages and requests. Each message is in one of the first three, or the account is wrong. */
export interface Account extends Losses {
  readonly sent: number;
  /** On the link at once. */
  readonly written: number;
  /** Queued first, and put on a link later. */
  readonly queued: number;
  /** Queued, and not put on any link. */
  readonly dropped: number;
  /** In the server's ledger. */
  readonly delivered: number;
  /** Those of them that came only after newer ones had come over another link. */
  readonly late: number;
  /** More than once in the ledger. */
  readonly twice: number;
  /** What the client said that nobody knows about. */
  readonly unconfirmed: number;
  /** True if the ledger has each link's messages in the order in which they were sent. */
  readonly inOrder: boolean;
  readonly requests: RequestAccount;
}

/** What became of the requests. */
export interface RequestAccount {
  readonly asked: number;
  readonly answered: number;
  /** Those that had been written when their link was lost, or their time was over. */
  readonly unknown: number;
  /** Those of them that the server has run. */
  readonly unknownAndRun: number;
  /** Those that failed, and were never written. */
  readonly unsent: number;
  /** Answered and not run, unsent and run, run twice, or never ended. */
  readonly untrue: number;
}

/** Compares what the client said with what the server has. */
export function accountOf(events: readonly ClientEvent[], receipts: readonly Receipt[]): Account {
  const ledger = receipts.filter(({ what }) => what === "message");
  const sent = events.flatMap((event) => (event.what === "sent" ? [event] : []));
  const settled = events.flatMap((event) => (event.what === "settled" ? [event] : []));
  const queued = settled.filter(({ outcome }) => outcome === "written").length;
  const written = sent.filter(({ answer }) => answer === "written").length;
  const arrived = new Set(ledger.map(({ n }) => n));
  return {
    sent: sent.length,
    written,
    queued,
    dropped: sent.length - written - queued,
    delivered: arrived.size,
    late: ledger.filter(({ n }, index) => ledger.slice(0, index).some((earlier) => earlier.n > n)).length,
    ...lossesOf(events, arrived),
    twice: ledger.length - arrived.size,
    unconfirmed: events.reduce((sum, event) => sum + (event.what === "unconfirmed" ? event.count : 0), 0),
    inOrder: linksOf(ledger).every((numbers) => numbers.every((n, index) => n > (numbers[index - 1] ?? 0))),
    requests: requestsOf(
      events,
      receipts.filter(({ what }) => what === "request"),
    ),
  };
}

function requestsOf(events: readonly ClientEvent[], runs: readonly Receipt[]): RequestAccount {
  const asked = events.filter(({ what }) => what === "asked").length;
  const ended = events.flatMap((event) => (event.what === "answered" ? [event] : []));
  const run = new Set(runs.map(({ n }) => n));
  const answered = ended.filter(({ error }) => error === undefined);
  const unknown = ended.filter(({ error, sent }) => error !== undefined && sent === true);
  const unsent = ended.filter(({ error, sent }) => error !== undefined && sent !== true);
  const untrue = [...answered.filter(({ id }) => !run.has(id)), ...unsent.filter(({ id }) => run.has(id))];
  return {
    asked,
    answered: answered.length,
    unknown: unknown.length,
    unknownAndRun: unknown.filter(({ id }) => run.has(id)).length,
    unsent: unsent.length,
    untrue: untrue.length + (runs.length - run.size) + (asked - ended.length),
  };
}

/** The numbers that came over each link. */
function linksOf(ledger: readonly Receipt[]): readonly (readonly number[])[] {
  const links = new Map<number, number[]>();
  for (const { link, n } of ledger) links.set(link, [...(links.get(link) ?? []), n]);
  return [...links.values()];
}
