import type { Clock } from "../../core/clock.ts";
import type { InboundPayload } from "../../core/payload.ts";
import type { DialRequest, SocketEnd, SocketEvents, Transport, TransportSocket } from "../../transport/transport.ts";

/** How long to wait for something that must happen, and for nothing to happen, in ms. */
const PATIENCE = 3_000;
const SILENCE = 100;

/** Dials, writes down what is called, and finds the promises that hold in every case broken. */
export class Recorder {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #sockets: TransportSocket[] = [];
  readonly #broken: string[] = [];

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
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

  /** Waits until `condition` holds, and rejects if it does not within 3 s. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const giveUp = this.#clock.now() + PATIENCE;
    while (!condition()) {
      if (this.#clock.now() > giveUp) throw new Error([`Waited in vain: ${what}`, ...this.#broken].join("; "));
      await this.#pause(2);
    }
  }

  /** Waits as long as it takes to be sure that nothing comes. */
  silence(): Promise<void> {
    return this.#pause(SILENCE);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, resolve));
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
