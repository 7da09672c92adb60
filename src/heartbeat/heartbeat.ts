import type { Clock } from "../core/clock.ts";
import { checkOptions } from "../core/options.ts";

/** How liveness is watched. Milliseconds. */
export interface HeartbeatOptions {
  /** After so long without an inbound frame the peer is asked. @default 15000 */
  readonly interval?: number | undefined;
  /** If nothing comes for so long after that, the link is dead. @default 5000 */
  readonly timeout?: number | undefined;
}

/** What the heartbeat needs from the link, and what it tells. */
export interface HeartbeatLink {
  /**
   * Asks the peer for a sign of life. False if this link has no way to ask: then silence proves nothing, and it is left
   * alone. `later` if it could not ask this time: silence proves nothing either, until it is tried again.
   * Absent: nobody asks, for the peer is known to talk once every `interval` at least.
   */
  ping?(): boolean | "later";
  /**
   * Whether bytes have come, or left a full socket, since this was last called, be it in the midst of a message: a sign
   * of life as well. Absent where nobody can tell.
   */
  progressed?(): boolean;
  /** A round trip was measured. Milliseconds. */
  measured(rtt: number): void;
  /** No sign of life in time. Called once; the heartbeat has stopped. */
  dead(): void;
}

/** A timer that fires so much later than it should was held back (a throttled or frozen page, a sleeping computer). */
const LATE = 500;
/** However often the platform wakes up or changes its network, probes keep this distance. */
const PROBE_SPACING = 1_000;

/**
 * Decides whether a link is alive. Any inbound frame is life; a ping is sent only after `interval` of silence, and death
 * is declared `timeout` later, so a link that stalls is noticed within `interval + timeout` of its last frame.
 *
 * A message that takes longer than that on a slow line is not silence: while its bytes are seen to move, death waits for
 * another `timeout`.
 *
 * A timer that comes late never kills: it proves that this side slept, not that the peer did. It asks again, once. And the last
 * word is always left to one more turn of the event loop, in which data that has already arrived can be heard.
 */
export class Heartbeat {
  readonly #interval: number;
  readonly #timeout: number;
  readonly #clock: Clock;
  readonly #link: HeartbeatLink;
  #phase: "stopped" | "idle" | "asked" | "again" | "last" = "stopped";
  #suspect = false;
  #seenAt = 0;
  #askedAt = -Infinity;
  /** When the ping whose answer is awaited was sent; 0 if none is. */
  #pingedAt = 0;
  #dueAt = 0;
  #cancel: (() => void) | undefined;

  /** @throws TypeError that names the option which cannot be right */
  constructor(options: HeartbeatOptions, clock: Clock, link: HeartbeatLink) {
    checkOptions(options, { interval: "number", timeout: "number" }, "heartbeat");
    this.#interval = options.interval ?? 15_000;
    this.#timeout = options.timeout ?? 5_000;
    this.#clock = clock;
    this.#link = link;
  }

  /** A link has opened. */
  start(): void {
    this.#seenAt = this.#clock.now();
    this.#wait();
  }

  /** The link is gone. No timer is left. */
  stop(): void {
    this.#phase = "stopped";
    this.#suspect = false;
    this.#askedAt = -Infinity;
    this.#pingedAt = 0;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /**
   * A frame came in. True if that ends a suspicion which `overdue` has raised: what was held back can go out.
   * This is on the hot path. While nothing has been asked the timer is left alone: it comes early enough, finds that
   * there was life, and waits on.
   */
  seen(): boolean {
    this.#seenAt = this.#clock.now();
    if (this.#phase !== "idle" && this.#phase !== "stopped") this.#wait();
    if (!this.#suspect) return false;
    this.#suspect = false;
    return true;
  }

  /** The answer to a ping came in: life, as `seen`, and a round trip. */
  answered(): boolean {
    const cleared = this.seen();
    const rtt = this.#seenAt - this.#pingedAt;
    if (this.#pingedAt !== 0 && rtt >= 0) this.#link.measured(rtt);
    this.#pingedAt = 0;
    return cleared;
  }

  /**
   * Asks now, whatever the silence: the platform woke up or changed its network. It does nothing while an answer is
   * awaited, nor within a second of the last question.
   */
  probe(): void {
    // The distance, since clocks are set back.
    const distance = Math.abs(this.#clock.now() - this.#askedAt);
    if (this.#link.ping && this.#phase === "idle" && distance >= PROBE_SPACING) this.#ask("asked");
  }

  /**
   * True if the deadline has passed and only the timer has not said so yet: nothing should be written to a link that is
   * probably dead. It asks at once, and stays true until a frame comes in.
   */
  overdue(): boolean {
    if (this.#suspect || this.#phase === "stopped") return this.#suspect;
    const idle = this.#phase === "idle";
    const askedAt = idle ? this.#seenAt + this.#interval : this.#askedAt;
    this.#suspect = this.#clock.now() > askedAt + this.#timeout;
    if (this.#suspect && idle) this.#ask(this.#link.ping ? "asked" : "again");
    return this.#suspect;
  }

  #wait(): void {
    this.#phase = "idle";
    // A clock that was set back makes the silence negative; no wait is longer than it was meant to be.
    this.#arm(this.#interval - Math.max(0, this.#clock.now() - this.#seenAt));
  }

  #ask(phase: "asked" | "again"): void {
    this.#phase = phase;
    this.#askedAt = this.#clock.now();
    this.#pingedAt ||= this.#askedAt;
    this.#link.progressed?.(); // from here on
    // A peer that cannot be asked, and was perhaps not heard while this side slept, gets a whole interval more.
    this.#arm(phase === "again" && !this.#link.ping ? this.#interval + this.#timeout : this.#timeout);
    const asked = this.#link.ping?.();
    if (!this.#cancel) return; // a callback has left the link within that
    if (asked === "later") {
      // As if something had been heard: nothing is judged before it has been asked.
      this.#suspect = false;
      this.#pingedAt = 0;
      this.#seenAt = this.#askedAt;
      this.#phase = "idle";
      this.#arm(Math.max(this.#interval, PROBE_SPACING));
    } else if (asked === false) this.stop();
  }

  #arm(delay: number): void {
    this.#cancel?.();
    const wait = Math.max(0, Math.ceil(delay)); // by a fraction of a clock's own rounding it could come too early for ever
    this.#dueAt = this.#clock.now() + wait;
    this.#cancel = this.#clock.after(wait, () => {
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.#clock.now();
    const late = now - this.#dueAt > LATE || now < this.#dueAt - LATE;
    switch (this.#phase) {
      case "stopped":
        return;
      case "idle":
        if (now - this.#seenAt < this.#interval && now >= this.#seenAt) {
          this.#wait();
          return;
        }
        this.#pingedAt = 0; // an answer that is still out will not come, on an ordered and silent link
        // A silence of another length than was waited for is the doing of this side's sleep, or of a clock that was set.
        this.#ask(!this.#link.ping && Math.abs(now - this.#seenAt - this.#interval) > LATE ? "again" : "asked");
        return;
      case "asked":
      case "again":
        if (late && this.#phase === "asked") {
          this.#ask("again");
          return;
        }
        this.#phase = "last";
        this.#arm(0);
        return;
      case "last":
        if (this.#link.progressed?.()) {
          this.#phase = "asked";
          this.#askedAt = now;
          this.#arm(this.#timeout);
          return;
        }
        this.stop();
        this.#link.dead();
        return;
      default:
        this.#phase satisfies never;
    }
  }
}
