import { HoldfastError, RemoteError, RequestError } from "../../src/index.ts";
import type { AbortSignalLike } from "../../src/core/signal.ts";
import { Mischief } from "./frames.ts";
import type { Ending } from "./ledger.ts";

/** How a call ended, from what it was rejected with; `undefined` for what must not come out of it. */
export function endingOf(error: unknown): Ending | undefined {
  if (error instanceof Mischief) return { outcome: "aborted" };
  if (error instanceof RemoteError) return { outcome: "remote" };
  if (error instanceof RequestError) return { outcome: error.code, sent: error.sent };
  return error instanceof HoldfastError ? { outcome: error.code } : undefined;
}

/** A signal that can be aborted, at a fraction of what the platform's costs. */
export class Whim implements AbortSignalLike {
  aborted = false;
  readonly reason: Mischief = new Mischief("whim");
  readonly #listeners = new Set<() => void>();

  /** Listeners that are still there. */
  get listeners(): number {
    return this.#listeners.size;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  abort(): void {
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
  }
}
