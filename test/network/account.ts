import type { ClientEvent, Receipt } from "./messages.ts";

/** What became of the messages. Each is in one of the first three, or the account is wrong. */
export interface Account {
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
  /** Put on a link, and not in the ledger. */
  readonly lost: number;
  /** More than once in the ledger. */
  readonly twice: number;
  /** What the client said that nobody knows about. */
  readonly unconfirmed: number;
  /** True if the ledger has each link's messages in the order in which they were sent. */
  readonly inOrder: boolean;
}

/** Compares what the client said with what the server has. */
export function accountOf(events: readonly ClientEvent[], ledger: readonly Receipt[]): Account {
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
    lost: sent.filter(({ n }) => !arrived.has(n)).length,
    twice: ledger.length - arrived.size,
    unconfirmed: events.reduce((sum, event) => sum + (event.what === "unconfirmed" ? event.count : 0), 0),
    inOrder: linksOf(ledger).every((numbers) => numbers.every((n, index) => n > (numbers[index - 1] ?? 0))),
  };
}

/** The numbers that came over each link. */
function linksOf(ledger: readonly Receipt[]): readonly (readonly number[])[] {
  const links = new Map<number, number[]>();
  for (const { link, n } of ledger) links.set(link, [...(links.get(link) ?? []), n]);
  return [...links.values()];
}
