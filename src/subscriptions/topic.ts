import type { BufferOptions } from "../core/channel.ts";
import type { HoldfastError } from "../core/errors.ts";

/** What a subscription payload may depend on: it is evaluated afresh for each connection. */
export interface SubscribeContext {
  readonly topic: string;
  /** The sequence number of the last event seen; `undefined` before the first, or without `sequence`. */
  readonly lastSequence: number | undefined;
  /** False for the first time; true when a lost link made it necessary. */
  readonly resubscribing: boolean;
}

/** What one topic may be told. The first subscriber of a topic decides; a later one may leave it out or repeat it. */
export interface SubscribeOptions<Data = unknown> extends BufferOptions {
  /**
   * Travels with the subscribe call; a function is asked for each connection, so that it can ask for what was missed.
   * @example params: ({ lastSequence }) => ({ since: lastSequence })
   */
  readonly params?: ((context: SubscribeContext) => unknown) | object | string | number | boolean | null | undefined;
  /** The sequence number of an event. With it, holes and repeats are noticed. Events without a finite one just pass. */
  readonly sequence?: ((data: Data) => number | undefined) | undefined;
}

/** A hole in the sequence of a topic, or a sequence that began anew. */
export interface Gap {
  readonly topic: string;
  /** The number that should have come. */
  readonly expected: number;
  /** The number that came. Less than `expected` after the server began to count anew. */
  readonly received: number;
}

/** One consumer of a topic. */
export interface Sink {
  push(data: unknown): void;
  /**
   * The connection is over: because of `error`, or because this side closed. A listener waits for the next one, unless the
   * topic itself is over.
   */
  end(error: HoldfastError | undefined, topic?: "over"): void;
}

/** What is known about one topic while it has consumers. */
export class Topic {
  readonly name: string;
  readonly options: SubscribeOptions;
  readonly sinks: Set<Sink> = new Set<Sink>();
  lastSequence: number | undefined;
  /** Counts the subscribe calls: an answer to an older one means nothing. */
  asked = 0;
  /** The payload of the last subscribe call. */
  params: unknown;
  live = false;
  /** It has been asked for on this connection. */
  here = false;
  /** A call of this connection failed in a way that leaves open whether the server has it subscribed. */
  doubtful = false;
  /** No event has come yet on this connection: the server may have begun to count anew. */
  fresh = true;

  constructor(name: string, options: SubscribeOptions) {
    this.name = name;
    this.options = options;
  }

  /**
   * Looks at the sequence number. "repeat": it has been seen, and must not be delivered again. A number that falls at
   * the start of a connection is a server that counts anew, not a repeat, and is told as a gap.
   */
  accept(received: number): "next" | "repeat" | Gap {
    const last = this.lastSequence;
    const { fresh } = this;
    this.fresh = false;
    if (last !== undefined && (received === last || (received < last && !fresh))) return "repeat";
    this.lastSequence = received;
    return last === undefined || received === last + 1 ? "next" : { topic: this.name, expected: last + 1, received };
  }
}
