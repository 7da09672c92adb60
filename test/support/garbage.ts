import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Node's garbage collector, which is hidden from programs that were not started with the flag. */
export function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void; // that is what the flag puts there
}

/** Whether anything still holds what `ref` points to. */
export async function isHeld(ref: WeakRef<object>): Promise<boolean> {
  await turn(); // a WeakRef holds on to its object until the turn is over
  garbageCollector()();
  return ref.deref() !== undefined;
}
