import { type Client, createClient } from "../../src/client/client.ts";
import type { ClientOptions } from "../../src/client/options.ts";
import type { ConnectionState } from "../../src/connection/state.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { ConnectionError, ErrorCode, HoldfastError } from "../../src/core/errors.ts";
import { webSocketTransport } from "../../src/transport/websocket.ts";
import { SocketCounter } from "./socket-counter.ts";

/** Options under which a client fails, waits and recovers within fractions of a second. */
export const QUICK = {
  connectTimeout: 300,
  closeTimeout: 200,
  stableAfter: 300,
  backoff: { min: 20, base: 60, max: 200 },
  heartbeat: { interval: 150, timeout: 100 },
} as const satisfies Partial<ClientOptions>;

/** How long to wait for what must happen, in ms. */
const PATIENCE = 8_000;

type Failed = Extract<ConnectionState, { readonly cause?: ConnectionError }>;

/** A client that nobody has connected yet, and all that it says. What it says is read in order, each once. */
export class LiveClient implements AsyncDisposable {
  readonly client: Client;
  readonly states: ConnectionState[] = [];
  readonly messages: unknown[] = [];
  readonly errors: HoldfastError[] = [];
  readonly unconfirmed: number[] = [];
  readonly rtts: number[] = [];
  /** The sockets as this side sees them. */
  readonly sockets: SocketCounter;
  /** Called with each state, after it was written down. */
  onState: (state: ConnectionState) => void = () => undefined;
  #read = 0;
  #changed: () => void = () => undefined;

  /** `options` add to `QUICK`. Without a transport it is the platform's own WebSocket. */
  constructor({ transport = webSocketTransport(), ...options }: ClientOptions) {
    this.sockets = new SocketCounter(transport);
    this.client = createClient({ ...QUICK, ...options, transport: this.sockets.transport });
    this.client.on("state", (state) => {
      this.states.push(state);
      this.onState(state);
      this.#changed();
    });
    this.client.on("message", (message) => this.messages.push(message));
    this.client.on("error", (error) => this.errors.push(error));
    this.client.on("unconfirmed", ({ count }) => this.unconfirmed.push(count));
    this.client.on("rtt", (rtt) => this.rtts.push(rtt));
  }

  /** A client that is open. */
  static async open(options: ClientOptions): Promise<LiveClient> {
    const live = new LiveClient(options);
    await live.opens();
    return live;
  }

  /** Connects if nobody has yet, and waits for the next "open". */
  async opens(): Promise<void> {
    if (this.client.state.name === "idle") void this.client.connect();
    await this.#next("open", ({ name }) => name === "open");
  }

  /** Connects if nobody has yet, and waits for the next failure of this kind. */
  async fails(code: ErrorCode): Promise<{ readonly state: Failed; readonly cause: ConnectionError }> {
    if (this.client.state.name === "idle") void this.client.connect();
    const state = await this.#next(code, (each) => "cause" in each && each.cause.code === code);
    if (!("cause" in state)) throw new Error("unreachable");
    return { state, cause: state.cause };
  }

  /** The names of all states so far. */
  get names(): readonly string[] {
    return this.states.map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }

  #next(what: string, match: (state: ConnectionState) => boolean): Promise<ConnectionState> {
    return new Promise((resolve, reject) => {
      const cancel = systemClock.after(PATIENCE, () => {
        this.#changed = () => undefined;
        reject(new Error(`Waited in vain for ${what}; saw ${this.names.join(", ")}`));
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
