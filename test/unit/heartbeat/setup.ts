import { expect, onTestFinished } from "vitest";
import { Heartbeat, type HeartbeatOptions } from "../../../src/heartbeat/heartbeat.ts";
import { PageClock } from "../../../src/testing/page-clock.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

/** A heartbeat on a link that only records what it is asked and told. */
export interface Setup {
  /** The world's time: it starts at 0 and is never set. */
  readonly clock: VirtualClock;
  readonly page: PageClock;
  readonly heartbeat: Heartbeat;
  /** When a ping was sent. */
  readonly pings: readonly number[];
  /** When it was judged dead. */
  readonly deaths: readonly number[];
  readonly rtts: readonly number[];
  /** From now on every ping is answered, after `latency` ms, as long as the link lives. */
  readonly answer: (latency: number) => void;
  /** From now on nothing is answered, also what is on its way. */
  readonly stall: () => void;
  /** Bytes move on the link until then, in the midst of a message. */
  readonly move: (until: number) => void;
}

/** The heartbeat has started at time 0. `pings`: the link has no way to ask, or nobody asks on it. */
export function setup(options: HeartbeatOptions & { readonly pings?: "absent" | "nobody asks" } = {}): Setup {
  const { pings: has, ...rest } = options;
  const clock = new VirtualClock();
  const page = new PageClock(clock);
  const pings: number[] = [];
  const deaths: number[] = [];
  const rtts: number[] = [];
  let latency: number | undefined;
  let movedUntil = 0;
  let lookedAt = 0;
  const progressed = (): boolean => {
    const before = lookedAt;
    lookedAt = clock.now();
    return before < movedUntil;
  };
  const ping = (): boolean => {
    pings.push(clock.now());
    if (has === "absent") return false;
    if (latency === undefined) return true;
    clock.after(latency, () => {
      page.task(() => {
        if (latency !== undefined) heartbeat.answered();
      });
    });
    return true;
  };
  const heartbeat: Heartbeat = new Heartbeat(rest, page, {
    ...(has !== "nobody asks" && { ping }),
    progressed,
    measured: (rtt) => {
      rtts.push(rtt);
    },
    dead: () => {
      deaths.push(clock.now());
    },
  });
  heartbeat.start();
  onTestFinished(() => {
    heartbeat.stop();
    expect(page.pending, "timers of a stopped heartbeat").toBe(0);
  });
  return {
    clock,
    page,
    heartbeat,
    pings,
    deaths,
    rtts,
    answer: (ms) => {
      latency = ms;
    },
    stall: () => {
      latency = undefined;
    },
    move: (until) => {
      movedUntil = until;
    },
  };
}
