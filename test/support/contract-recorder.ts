import { type Clock, systemClock } from "../../src/core/clock.ts";
import type { InboundPayload } from "../../src/core/payload.ts";
import type {
  DialRequest,
  SocketEnd,
  SocketEvents,
  Transport,
  TransportSocket,
} from "../../src/transport/transport.ts";

/** How long to wait for something that must happen, and for nothing to happen, in ms. */
const PATIENCE = 3_000;
const SILENCE = 100;

/** Dials, writes down what is called, and finds the promises that hold in every case broken. */
export class Recorder {
  readonly #transport: Transport;
  readonly #sockets: TransportSocket[] = [];
  readonly #broken: string[] = [];

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Dials without subprotocols, unless `request` says otherwise. */
  dial(request: Pick<DialRequest, "url"> & Partial<DialRequest>): Recorded {
    const recorded = new Recorded(this.#broken);
    recorded.socket = this.#transport({ protocols: [], ...request }, recorded);
    this.#sockets.push(recorded.socket);
    return recorded;
  }

  /** Throws what is known to be broken. */
  check(): void {
    if (this.#broken.length > 0) throw new Error(this.#broken.join("; "));
  }

  abandonAll(): void {
    for (const socket of this.#sockets) socket.abandon();
  }
}

/** One socket and all that it has told. */
export class Recorded implements SocketEvents {
  readonly messages: InboundPayload[] = [];
  protocol: string | undefined;
  end: SocketEnd | undefined;
  pongs = 0;
  /** Called with the name of each event, after it was written down. */
  onEvent: (name: "opened" | "message" | "closed") => void = () => undefined;
  /** From here on every call is a broken promise. */
  mustBeSilent = false;
  readonly #broken: string[];
  #socket: TransportSocket | undefined;

  constructor(broken: string[]) {
    this.#broken = broken;
  }

  get socket(): TransportSocket {
    if (!this.#socket) throw new Error("The dial has not returned yet");
    return this.#socket;
  }

  set socket(socket: TransportSocket) {
    this.#socket = socket;
  }

  opened(protocol: string): void {
    this.#note("opened", this.protocol === undefined);
    this.protocol = protocol;
    this.onEvent("opened");
  }

  message(data: InboundPayload): void {
    this.#note("message", this.protocol !== undefined);
    this.messages.push(data);
    this.onEvent("message");
  }

  pong(): void {
    this.#note("pong", this.protocol !== undefined);
    this.pongs++;
  }

  closed(end: SocketEnd): void {
    this.#note("closed", true);
    this.end = end;
    this.onEvent("closed");
  }

  /** Abandons the socket, and takes every later call for a broken promise. */
  abandon(code?: number, reason?: string): void {
    this.mustBeSilent = true;
    this.socket.abandon(code, reason);
  }

  #note(event: string, inOrder: boolean): void {
    if (!this.#socket) this.#broken.push(`${event} came before dial had returned`);
    if (this.mustBeSilent) this.#broken.push(`${event} came after abandon`);
    if (this.end) this.#broken.push(`${event} came after closed`);
    if (!inOrder) this.#broken.push(`${event} came out of order`);
  }
}

/** Waits until `condition` holds, and rejects if it does not within 3 s. */
export async function until(what: string, condition: () => boolean, clock: Clock = systemClock): Promise<void> {
  const giveUp = clock.now() + PATIENCE;
  while (!condition()) {
    if (clock.now() > giveUp) throw new Error(`Waited in vain: ${what}`);
    await pause(2, clock);
  }
}

/** Waits as long as it takes to be sure that nothing comes. */
export async function silence(clock: Clock = systemClock): Promise<void> {
  await pause(SILENCE, clock);
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Rejects unless the two are the same; objects and bytes by what is in them. */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [left, right] = [print(actual), print(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

function print(value: unknown): string {
  const text = JSON.stringify({ value }, (_key, item: unknown) => {
    if (item instanceof ArrayBuffer) return { buffer: digest(new Uint8Array(item)) };
    if (item instanceof Uint8Array) return { bytes: digest(item) };
    return item;
  }).slice('{"value":'.length, -1);
  return text.length > 500 ? `${text.slice(0, 500)}... (${text.length})` : text || "undefined";
}

/** Short bytes as they are, long ones as their length and a checksum. */
function digest(bytes: Uint8Array): unknown {
  return bytes.length <= 16
    ? [...bytes]
    : { length: bytes.length, sum: bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 0) };
}

/** True if `secret` can be reached from `value`: through properties, causes, messages and stacks. */
export function reveals(value: unknown, secret: string, seen = new Set<unknown>()): boolean {
  if (typeof value === "string") return value.includes(secret);
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  return Reflect.ownKeys(value).some((key) => reveals((value as Record<PropertyKey, unknown>)[key], secret, seen));
}
