/**
 * True for what `await` waits for: a promise of any realm or library. `instanceof Promise` misses the promises of async
 * functions where zone.js has put its own class in the place of the global.
 */
export function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && "then" in value;
}
