/** The part of an `AbortSignal` that holdfast uses, so that its types need neither DOM nor Node. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  /** React Native's has none. */
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The platform's own `AbortSignal` type where the consumer's program has one (for `fetch`), else the part that we use. */
export type PlatformSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : AbortSignalLike;

export interface AbortControllerLike {
  readonly signal: PlatformSignal;
  abort(reason?: unknown): void;
}

/** A new `AbortController` of the platform. */
export function newAbortController(): AbortControllerLike {
  return new (globalThis as unknown as { AbortController: new () => AbortControllerLike }).AbortController();
}

/** Why `signal` aborted: its own reason, or an `AbortError` where the platform keeps none. */
export function abortReason({ reason }: AbortSignalLike): unknown {
  return reason === undefined ? Object.assign(new Error("Aborted"), { name: "AbortError" }) : reason;
}

/** Calls `listener` once if `signal` aborts; the returned function takes it off again. */
export function onAbort(signal: AbortSignalLike | undefined, listener: () => void): () => void {
  signal?.addEventListener("abort", listener);
  return () => signal?.removeEventListener("abort", listener);
}
