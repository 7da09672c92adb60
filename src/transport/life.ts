import type { Clock } from "../core/clock.ts";
import { HoldfastError } from "../core/errors.ts";
import type { InboundPayload } from "../core/payload.ts";
import { ABNORMAL } from "./close-codes.ts";
import type { SocketEnd, SocketEvents } from "./transport.ts";

/** For a peer that has said goodbye to let go of the link, in ms. Until then its close code may still come. */
const CLOSING_TIME = 5_000;

const LAST_TIME = 100;

interface SocketOwner {
  /** Frees the socket when it has failed without a `close`. */
  release(): void;
}

/**
 * The one life of a platform's socket. Runtimes report an end as `close` alone, as `error` and `close`, as `error` alone,
 * or more than once; out of it comes what `SocketEvents` promises.
 */
export class SocketLife {
  readonly #clock: Clock;
  readonly #owner: SocketOwner;
  /** Nobody from the end on, so that what the runtime fires late reaches nobody. */
  #events: SocketEvents | undefined;
  #isOpen = false;
  #error: Pick<SocketEnd, "failed" | "httpStatus" | "cause"> | undefined;
  #disarm: (() => void) | undefined;

  constructor(events: SocketEvents, clock: Clock, owner: SocketOwner) {
    this.#events = events;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** False if nobody listens any more: then the socket came too late, and must go. */
  opened(protocol: string): boolean {
    if (this.#events && !this.#isOpen) {
      this.#isOpen = true;
      this.#events.opened(protocol);
    }
    return this.#events !== undefined;
  }

  message(data: InboundPayload, again?: "again"): void {
    this.#events?.message(data, again);
  }

  pong(ping?: "ping"): void {
    this.#events?.pong(ping);
  }

  /**
   * An `error` is the beginning of the end on every runtime. Mostly `close` follows in the same turn; where it does not
   * (Node 22 before open, nodejs/undici#3546; `ws` after a broken frame, for 30 s), the socket is given up here.
   */
  failed(error: Pick<SocketEnd, "httpStatus" | "cause"> = {}): void {
    if (!this.#events || this.#error) return;
    this.#error = { ...error, failed: true };
    this.#disarm?.();
    this.#disarm = this.#clock.after(0, () => {
      this.#owner.release();
      this.ended(ABNORMAL, "");
    });
  }

  /**
   * The platform's socket is closing, and not by our wish: a close frame has come, and the end of the link has not. Mostly it
   * comes at once. Where it does not (a server that hangs; `ws` waits 30 s, Node for ever), the socket is given up. False: it
   * takes nothing any more.
   */
  closing(): false {
    if (this.#isOpen && this.#events)
      this.#disarm ??= this.#clock.after(CLOSING_TIME, () => {
        this.#owner.release(); // now `ws` tells the code that came
        if (this.#events)
          this.#disarm = this.#clock.after(LAST_TIME, () => {
            this.ended(ABNORMAL, "");
          });
      });
    return false;
  }

  /**
   * Deno reports code 0 where no close frame came, everybody else 1006; workerd and React Native make up a reason for it.
   * Whether it was clean follows from the code, since React Native never says so.
   */
  ended(code: number, reason: string): void {
    const events = this.#events;
    const wasClean = code !== 0 && code !== ABNORMAL;
    const end = wasClean ? { code, reason, wasClean } : { code: ABNORMAL, reason: "", wasClean };
    if (this.over()) events?.closed({ ...this.#error, ...end });
  }

  /** Silence from here on. False if it was over before. */
  over(): boolean {
    const wasAlive = this.#events !== undefined;
    this.#events = undefined;
    this.#disarm?.();
    return wasAlive;
  }
}

/** The HTTP status at the end of what `ws`, Bun and Deno say about a refused upgrade. Browsers and Node say nothing. */
export function httpStatusOf(message = ""): number | undefined {
  const status = /: (\d{3})$/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Runs a platform's constructor. Its exceptions quote the URL, which may hold a token, so only their name goes further. */
export function construct<Socket>(make: () => Socket): Socket {
  try {
    return make();
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    const name = error instanceof Error ? error.name : "unknown error";
    throw new HoldfastError(
      "UNSUPPORTED",
      `The platform's WebSocket refuses the URL, subprotocols or headers (${name})`,
    );
  }
}
