/** A signal that counts its listeners. */
export class CountingController {
  listeners = 0;
  readonly #controller = new AbortController();
  readonly signal: AbortSignal = this.#controller.signal;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    const listeners = new Set<unknown>();
    const count = (): void => {
      this.listeners = listeners.size;
    };
    signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject): void => {
      listeners.add(listener);
      count();
      add(type, listener);
    };
    signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject): void => {
      listeners.delete(listener);
      count();
      remove(type, listener);
    };
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
