/** Checks a value that the peer has sent for a method, and answers what stands in its place. May throw. */
export type Check = (method: string, value: unknown) => unknown;

/** What an `Rpc` asks of the layer above it. */
export interface RpcHooks {
  /** Checks the results of this side's calls; without it they are taken as they are. */
  readonly result?: Check | undefined;
  /** Checks the params of the peer's calls and notifications; without it they are taken as they are. */
  readonly params?: Check | undefined;
  /** Gets what is not a call: the events of subscriptions. False: nobody wants it. */
  readonly event?: ((topic: string, data: unknown) => boolean) | undefined;
  /** Gets a frame of a batch for which `receive` would have answered false, had it come alone. */
  readonly message?: ((frame: unknown) => void) | undefined;
}

/** For the hooks that are not there. */
export const unchecked: Check = (_method, value) => value;
