export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;

/** Makes constants of them, as Web IDL has it: enumerable, and neither writable nor configurable. */
export function defineReadyStates(...targets: readonly object[]): void {
  for (const target of targets) {
    for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED }))
      Object.defineProperty(target, name, { value, enumerable: true });
  }
}
