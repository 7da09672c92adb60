import { setTimeout as sleep } from "node:timers/promises";
import { type Market, SYMBOLS } from "./market.ts";
import { CANCELLED, INVALID_PARAMS, numberParam, type Params, RpcError, stringParam } from "./rpc.ts";

/** Answers one request; an async iterable is streamed. `signal` aborts when the other side has cancelled it, or is gone. */
type Method = (params: Params, signal: AbortSignal) => unknown;

/** What the server can be asked, but for `subscribe` and `unsubscribe`, which belong to a session. */
export function methodsOf(market: Market): ReadonlyMap<string, Method> {
  return new Map<string, Method>([
    ["ping", () => "pong"],
    ["time", () => Date.now()],
    ["sum", (params) => numberParam(params, "a") + numberParam(params, "b")],
    ["quote", (params) => market.quote(symbolParam(params))],
    ["history", (params) => history(market, params)],
    ["slow", slow],
    ["countdown", countdown],
  ]);
}

function history(market: Market, params: Params): unknown {
  const symbol = symbolParam(params);
  const trades =
    params["since"] === undefined
      ? market.last(symbol, Math.min(numberParam(params, "limit", 100), 1_000))
      : market.since(symbol, numberParam(params, "since"));
  return trades.slice(-1_000);
}

async function slow(params: Params, signal: AbortSignal): Promise<unknown> {
  const seconds = numberParam(params, "seconds", 3);
  if (seconds < 0 || seconds > 60) throw new RpcError(INVALID_PARAMS, '"seconds" must be between 0 and 60');
  await pause(seconds, signal);
  return { waited: seconds };
}

async function* countdown(params: Params, signal: AbortSignal): AsyncGenerator<number> {
  const from = numberParam(params, "from", 5);
  if (from < 0 || from > 60) throw new RpcError(INVALID_PARAMS, '"from" must be between 0 and 60');
  for (let left = from; left > 0; left--) {
    yield left;
    await pause(1, signal);
  }
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1_000, undefined, { signal });
  } catch {
    throw new RpcError(CANCELLED, "Cancelled");
  }
}

function symbolParam(params: Params): string {
  const symbol = stringParam(params, "symbol");
  if (!SYMBOLS.has(symbol))
    throw new RpcError(INVALID_PARAMS, `"symbol" must be one of ${[...SYMBOLS.keys()].join(", ")}`);
  return symbol;
}
