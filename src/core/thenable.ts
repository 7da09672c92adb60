/**
 * True for what `await` waits for: a promise of any realm or library. `instanceof Promise` misses the promises of async
 * functions where zone.js has put its own class in the place of the global.
 */
export function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** The value as it is. @throws TypeError for a promise, where nobody can wait; what becomes of that is nobody's business then */
export function atOnce<Value>(value: Value, what: string): Value {
  if (!isThenable(value)) return value;
  value.then(undefined, () => undefined);
  throw new TypeError(`${what} must answer at once, and not with a promise`);
}
