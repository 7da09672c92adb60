import type { Emitter } from "../core/emitter.ts";
import { closedHere } from "../core/errors.ts";
import { abortReason, type AbortSignalLike, onAbort } from "../core/signal.ts";
import type { ConnectionEvents } from "./events.ts";
import type { ConnectionState } from "./state.ts";

/**
 * Resolves when the state `goal` is reached, at once if `state` is there already; rejects when it cannot be, or with the
 * reason of `signal`. Whoever closes has also reached the goal when somebody connects again.
 */
export function reach(
  goal: "open" | "closed",
  state: ConnectionState,
  emitter: Emitter<ConnectionEvents>,
  signal: AbortSignalLike | undefined,
  resolve: () => void,
  reject: (reason: unknown) => void,
): void {
  const settle = ({ name, cause }: { readonly name: string; readonly cause?: Error }): void => {
    if (signal?.aborted) reject(abortReason(signal));
    else if (name === goal || (goal === "closed" && name === "connecting")) resolve();
    else if (name === "closed") reject(cause ?? closedHere());
    else return;
    off();
    offAbort();
  };
  const off = emitter.on("state", settle);
  const offAbort = onAbort(signal, () => {
    settle({ name: goal });
  });
  if (signal?.aborted || state.name === goal) settle({ name: goal });
}
