import { ask, type OnListenerError } from "../core/guard.ts";
import { systemRandom } from "../core/random.ts";
import { atOnce } from "../core/thenable.ts";
import type { Rules } from "./machine.ts";
import type { ConnectionOptions } from "./options.ts";
import type { RetryVerdict } from "./retry.ts";

/** The options as the machine wants them: with defaults, and with a retry policy that neither throws nor talks nonsense. */
export function rulesOf(options: ConnectionOptions, onError: OnListenerError): Rules {
  const {
    backoff = DEFAULTS,
    connectTimeout = 10_000,
    closeTimeout = 2_000,
    stableAfter = 5_000,
    random = systemRandom,
  } = options;
  return {
    backoff,
    connectTimeout,
    closeTimeout,
    stableAfter,
    random,
    retry: options.retry ? careful(options, onError) : tableAlone,
    handshake: options.handshake !== undefined,
  };
}

/** One for all. */
const DEFAULTS = {};

/** Leaves every case to the close-code table. */
const tableAlone = (): undefined => undefined;

function careful(options: ConnectionOptions, onError: OnListenerError): Rules["retry"] {
  return (context) =>
    ask(onError, "retry", () => {
      const answer = atOnce<unknown>(options.retry?.(context), "retry");
      if (!isVerdict(answer)) throw new TypeError('retry() returns a delay in ms, "stop", "refresh" or undefined');
      return answer;
    });
}

function isVerdict(answer: unknown): answer is RetryVerdict {
  return typeof answer === "number" ? answer >= 0 : answer === undefined || answer === "stop" || answer === "refresh";
}
