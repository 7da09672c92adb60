import { expect, onTestFinished } from "vitest";
import type { HoldfastError } from "../../../src/core/errors.ts";
import type { DropReason, Outcome } from "../../../src/core/outcome.ts";
import { byteLength, type Payload } from "../../../src/core/payload.ts";
import type { OutboxOptions, SendOptions } from "../../../src/outbox/options.ts";
import { Outbox } from "../../../src/outbox/outbox.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

/** A link that takes what it is given while it is up, and holds `buffered` bytes of it. */
export class Link {
  /** False: it takes nothing, though nobody has said that it is lost. */
  up = true;
  /** `undefined`: it cannot tell. */
  buffered: number | undefined = 0;
  readonly written: Payload[] = [];
  readonly dropped: [data: Payload, reason: DropReason][] = [];
  readonly failures: HoldfastError[] = [];

  write(data: Payload): boolean {
    if (!this.up) return false;
    this.written.push(data);
    if (this.buffered !== undefined) this.buffered += byteLength(data);
    return true;
  }
}

/** An outbox on a link, with what became of each message by the name it was sent under. */
export interface Setup {
  readonly clock: VirtualClock;
  readonly link: Link;
  readonly outbox: Outbox;
  readonly outcomes: Map<string, Outcome[]>;
  /** Sends `data` and notes its outcome under `name`. */
  readonly send: (data: string, options?: SendOptions, name?: string) => "written" | "queued";
}

export function setup(options: OutboxOptions = {}): Setup {
  const clock = new VirtualClock();
  const link = new Link();
  const outbox = new Outbox(options, clock, {
    write: (data) => link.write(data),
    buffered: () => link.buffered,
    dropped: (data, reason) => {
      link.dropped.push([data, reason]);
    },
    report: (error) => {
      link.failures.push(error);
    },
  });
  const outcomes = new Map<string, Outcome[]>();
  onTestFinished(() => {
    outbox.lost();
    outbox.clear();
    expect(clock.pending, "timers of an empty outbox").toBe(0);
    expect([outbox.size, outbox.bytes]).toEqual([0, 0]);
  });
  return {
    clock,
    link,
    outbox,
    outcomes,
    send: (data, sendOptions = {}, name = data) => {
      const settled = (outcome: Outcome): void => {
        outcomes.set(name, [...(outcomes.get(name) ?? []), outcome]);
      };
      return outbox.send(data, { settled, ...sendOptions });
    },
  };
}

/** The outcomes as a plain object: each message must have had one, and only one. */
export function outcomesOf({ outcomes }: Setup): Readonly<Record<string, Outcome>> {
  const entries = [...outcomes].map(([name, all]) => {
    expect(all, `outcomes of "${name}"`).toHaveLength(1);
    return [name, all[0]] as const;
  });
  // The cast: each has a first one, as has just been checked.
  return Object.fromEntries(entries) as Record<string, Outcome>;
}
