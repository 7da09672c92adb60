import type { WebSocketOptions } from "../../../../src/websocket/options.ts";

/** How often each server is killed. */
export const KILLS = 20;

/** How long a test may take, in ms. */
export const PATIENCE = 60_000;

/** Options under which a socket is back soon, and a way to wait until it has met a server that is down. */
export class Dials {
  readonly options: WebSocketOptions = {
    connectTimeout: 1_000,
    stableAfter: 20,
    backoff: { min: 5, base: 20, max: 40 },
    retry: ({ cause }) => {
      if (cause.code === "DIAL_FAILED") for (const tell of this.#waiting.splice(0)) tell();
      return undefined;
    },
  };
  readonly #waiting: (() => void)[] = [];

  /** The next dial that fails. */
  failed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

/** Values as they come in, and a way to wait for them. */
export class Tally<Value> {
  readonly values: Value[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (value: Value): void => {
    this.values.push(value);
    for (const look of this.#waiting) look();
  };

  /** Resolves when `condition` is true of the values so far. */
  until(condition: (values: readonly Value[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition(this.values)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
