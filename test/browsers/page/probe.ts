import type { Client, ClientOptions, ConnectionError, ConnectionState, HoldfastError } from "holdfast";
import type * as Holdfast from "holdfast";

/** The package, from whichever build. */
export type Package = typeof Holdfast;

/** Options under which a client fails, waits and recovers within a second. */
export const QUICK = {
  connectTimeout: 800,
  closeTimeout: 500,
  stableAfter: 500,
  backoff: { min: 20, base: 60, max: 200 },
  heartbeat: { interval: 400, timeout: 400 },
} as const satisfies Partial<ClientOptions>;

/** How long to wait for what must happen, in ms. */
const PATIENCE = 10_000;
const LOOK_EVERY = 10;

/** A client, and all that it says. */
export class Probe {
  readonly client: Client;
  readonly states: ConnectionState[] = [];
  readonly messages: unknown[] = [];
  readonly errors: HoldfastError[] = [];
  readonly unconfirmed: number[] = [];
  readonly rtts: number[] = [];

  /** `options` add to `QUICK`. */
  constructor({ createClient }: Package, options: ClientOptions) {
    this.client = createClient({ ...QUICK, ...options });
    this.client.on("state", (state) => this.states.push(state));
    this.client.on("message", (message) => this.messages.push(message));
    this.client.on("error", (error) => this.errors.push(error));
    this.client.on("unconfirmed", ({ count }) => this.unconfirmed.push(count));
    this.client.on("rtt", (rtt) => this.rtts.push(rtt));
  }

  /** A client that is open. */
  static async open(holdfast: Package, options: ClientOptions): Promise<Probe> {
    const probe = new Probe(holdfast, options);
    await probe.client.connect();
    return probe;
  }

  /** The names of all states so far; `connecting` by its phase. */
  get names(): readonly string[] {
    return this.states.map((state) => (state.name === "connecting" ? state.phase : state.name));
  }

  /** How often the link was open. */
  get opens(): number {
    return this.states.filter(({ name }) => name === "open").length;
  }

  /** The causes of all failures so far. */
  get causes(): readonly ConnectionError[] {
    return this.states.flatMap((state) => ("cause" in state ? [state.cause] : []));
  }

  /** Waits for the `count`th opening. */
  async opened(count: number): Promise<void> {
    await until(
      () => this.opens >= count,
      () => `opening ${String(count)}; saw ${this.names.join(", ")}`,
    );
  }

  /** Waits for a failure with this code, and answers it. */
  async failed(code: string): Promise<ConnectionError> {
    const find = (): ConnectionError | undefined => this.causes.find((cause) => cause.code === code);
    await until(
      () => find() !== undefined,
      () => `${code}; saw ${this.names.join(", ")}, ${this.causes.map((cause) => cause.code).join(", ")}`,
    );
    const cause = find();
    if (!cause) throw new Error("unreachable");
    return cause;
  }

  /** Waits for so many messages, and answers all. */
  async heard(count: number): Promise<readonly unknown[]> {
    await until(
      () => this.messages.length >= count,
      () => `${String(count)} messages; heard ${String(this.messages.length)}`,
    );
    return this.messages;
  }
}

export function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks again and again until `check` is true; `what` says what was waited for. */
export async function until(check: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what()}`);
    await elapse(LOOK_EVERY);
  }
}

/** Throws unless the two are the same as JSON. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`${what}: expected ${wanted}, found ${found}`);
}

/** Throws unless it is true. */
export function ensure(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** What `promise` rejects with. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<{ readonly code?: string; readonly message?: string }> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as { readonly code?: string }, // the caller looks at what it is
  );
}
