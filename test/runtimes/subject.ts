import { type Client, type ClientOptions, type ConnectionError, type ConnectionState, createClient } from "holdfast";
import type { ErrorCode, HoldfastError } from "holdfast";
import { systemClock } from "../../src/core/clock.ts";

/** Options under which a client fails, waits and recovers within a second, also on a busy machine. */
const QUICK = {
  connectTimeout: 800,
  closeTimeout: 400,
  stableAfter: 500,
  backoff: { min: 20, base: 60, max: 250 },
  heartbeat: { interval: 250, timeout: 250 },
} as const satisfies Partial<ClientOptions>;

/** How long to wait for what must happen, in ms. */
const PATIENCE = 8_000;

/** A client under test, and what it has said. */
export class Subject {
  readonly client: Client;
  readonly states: ConnectionState[] = [];
  readonly messages: unknown[] = [];
  readonly errors: HoldfastError[] = [];
  readonly rtts: number[] = [];
  #read = 0;
  #changed: () => void = () => undefined;

  /** `options` add to quick ones. */
  constructor(options: ClientOptions) {
    this.client = createClient({ ...QUICK, ...options });
    this.client.on("state", (state) => {
      this.states.push(state);
      this.#changed();
    });
    this.client.on("message", (message) => this.messages.push(message));
    this.client.on("error", (error) => this.errors.push(error));
    this.client.on("rtt", (rtt) => this.rtts.push(rtt));
  }

  /** Connects if nobody has yet, and waits for the next "open". */
  async opens(): Promise<void> {
    await this.#next("open", ({ name }) => name === "open");
  }

  /** Connects if nobody has yet, and waits for the next failure of this kind. */
  async fails(code: ErrorCode): Promise<ConnectionError> {
    const state = await this.#next(code, (each) => "cause" in each && each.cause.code === code);
    if (!("cause" in state)) throw new Error("unreachable");
    return state.cause;
  }

  /** Each state is read once, in order. */
  #next(what: string, match: (state: ConnectionState) => boolean): Promise<ConnectionState> {
    if (this.client.state.name === "idle") void this.client.connect();
    return new Promise((resolve, reject) => {
      const cancel = systemClock.after(PATIENCE, () => {
        this.#changed = () => undefined;
        const seen = this.states.map((state) =>
          "cause" in state ? `${state.name} (${String(state.cause)})` : state.name,
        );
        reject(new Error(`Waited in vain for ${what}; saw ${seen.join(", ")}`));
      });
      this.#changed = () => {
        for (let state = this.states[this.#read++]; state; state = this.states[this.#read++]) {
          if (!match(state)) continue;
          this.#changed = () => undefined;
          cancel();
          resolve(state);
          return;
        }
        this.#read = this.states.length;
      };
      this.#changed();
    });
  }
}
