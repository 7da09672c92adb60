import { closedHere } from "../core/errors.ts";
import { checkOptions } from "../core/options.ts";
import { abortReason, type AbortSignalLike, onAbort } from "../core/signal.ts";
import type { MachineEvent } from "./machine.ts";
import type { Shell } from "./shell.ts";

/** What the waiting may be told. */
interface Reaching {
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Asks for something, and resolves when the state `goal` is reached, at once if it is there already; rejects when it
 * cannot be, or with the reason of `signal`. Whoever closes has also reached the goal when somebody connects again.
 * It looks out from when the event has taken effect: what was asked for before it has nothing to do with it.
 */
export function reach(
  shell: Shell,
  event: MachineEvent,
  goal: "open" | "closed",
  options: Reaching = {},
): Promise<void> {
  checkOptions(options, { signal: "AbortSignal" });
  const { signal } = options;
  const promise = new Promise<void>((resolve, reject) => {
    const fail: (reason: unknown) => void = reject; // a signal's reason need not be an Error
    const watch = (): void => {
      const settle = ({ name, cause }: { readonly name: string; readonly cause?: Error }): void => {
        if (signal?.aborted) fail(abortReason(signal));
        else if (name === goal || (goal === "closed" && name === "connecting")) resolve();
        else if (name === "closed") reject(cause ?? closedHere());
        else return;
        off();
        offAbort();
      };
      const off = shell.follow(settle);
      const offAbort = onAbort(signal, () => {
        settle({ name: goal });
      });
      if (signal?.aborted || shell.state.name === goal) settle({ name: goal });
    };
    if (signal?.aborted) watch();
    else shell.dispatch(event, watch);
  });
  promise.catch(() => undefined); // awaiting it is optional
  return promise;
}
