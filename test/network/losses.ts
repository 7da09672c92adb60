import type { ClientEvent } from "./messages.ts";

/** When the messages that are lost had been written. */
export interface Losses {
  /** Put on a link, and not in the ledger. */
  readonly lost: number;
  /** Those of them that had been written before the last frame of their link came in. */
  readonly earlier: number;
  /** How long before it the first of those had been written, in ms. */
  readonly earliest: number;
}

/** `events` are in the order in which they happened; `arrived` are the numbers in the ledger. */
export function lossesOf(events: readonly ClientEvent[], arrived: ReadonlySet<number>): Losses {
  const ages = events.flatMap((event, index) => {
    const n = writtenBy(event);
    return n === undefined || arrived.has(n) ? [] : [ageOf(events, index)];
  });
  const earlier = ages.filter((age) => age !== undefined);
  return { lost: ages.length, earlier: earlier.length, earliest: Math.max(0, ...earlier) };
}

/** The number of the message that was written with this. */
function writtenBy(event: ClientEvent): number | undefined {
  if (event.what === "sent") return event.answer === "written" ? event.n : undefined;
  return event.what === "settled" && event.outcome === "written" ? event.n : undefined;
}

/** How long before the last frame of its link a message was written, if it was. */
function ageOf(events: readonly ClientEvent[], written: number): number | undefined {
  const ends = events.findIndex(({ what }, index) => index > written && what === "state");
  const link = events.slice(written, ends === -1 ? undefined : ends);
  const last = link.findLast(heard);
  return last && last.at - (link[0]?.at ?? 0);
}

function heard(event: ClientEvent): boolean {
  return (
    event.what === "confirmed" || event.what === "pong" || (event.what === "answered" && event.error === undefined)
  );
}
