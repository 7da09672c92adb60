/** What the classes below take for an event. */
interface SocketEvent {
  readonly type: string;
  readonly data?: unknown;
}

type Listener = (event: SocketEvent) => void;

/**
 * A `WebSocket` without a network, for what a class on top of one costs by itself. It makes one `MessageEvent` for each
 * message, as a platform does, and calls the listeners with it.
 */
export class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  /** All that were made, in order. */
  static readonly made: FakeSocket[] = [];

  readonly bufferedAmount = 0;
  readonly extensions = "";
  readonly protocol = "";
  readonly url: string;
  binaryType = "blob";
  readyState = 0;
  sent = 0;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string) {
    this.url = url;
    FakeSocket.made.push(this);
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.set(
      type,
      (this.#listeners.get(type) ?? []).filter((each) => each !== listener),
    );
  }

  send(): void {
    this.sent++;
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.#fire(new Event("open"));
  }

  receive(data: unknown): void {
    this.#fire(new MessageEvent("message", { data }));
  }

  #fire(event: SocketEvent): void {
    const listeners = this.#listeners.get(event.type) ?? [];
    for (let i = 0; i < listeners.length; i++) listeners[i]?.(event);
  }
}
