import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";

/** How a memory server and the network to it begin. Faults are verbs of the server and of its connections. */
export interface MemoryServerOptions {
  /** The clock of the server and of the network between. */
  readonly clock: Clock;
  /** Ms that each frame travels, either way; a function draws it anew for each. Frames never overtake. @default 0 */
  readonly latency?: number | (() => number) | undefined;
  /** Bytes a second that the client can send; what has not left is its `bufferedAmount`. @default Infinity */
  readonly rate?: number | undefined;
  /**
   * `task`: everything arrives in a later task of the clock, one frame each, also without latency. `sync`: frames arrive inside
   * the call that sends them, and a dial is answered in a promise job; latency and rate are ignored. @default "task"
   */
  readonly delivery?: "task" | "sync" | undefined;
  /** What protocol pings meet: an answer, silence, or a platform without them. @default "answer" */
  readonly pings?: "answer" | "swallow" | "absent" | undefined;
  /** Whether sockets can tell their `bufferedAmount`. @default "reported" */
  readonly bufferedAmount?: "reported" | "unknown" | undefined;
  /** The subprotocols that the server speaks. Without it, it speaks the first that it is offered. */
  readonly protocols?: readonly string[] | undefined;
  /** Makes the server rude from the first dial on: see `rude` of the server. */
  readonly rude?: Random | undefined;
  /** How many connections, and messages of each, are kept for inspection; the oldest go first. @default 10_000 */
  readonly keep?: number | undefined;
}
