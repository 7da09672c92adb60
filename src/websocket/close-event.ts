import type { SocketEnd } from "../transport/transport.ts";
import type { PlatformCloseEvent } from "./event-types.ts";
import { makeEvent } from "./platform-target.ts";

/** No close frame came. */
export const ABNORMAL: SocketEnd = { code: 1006, reason: "", wasClean: false };
/** This side let go of the link with a goodbye, and waited for no answer. */
export const GOODBYE: SocketEnd = { code: 1000, reason: "", wasClean: true };

/** A `close` event. */
export function closeEvent({ code, reason, wasClean }: SocketEnd): PlatformCloseEvent {
  return makeEvent("close", { code, reason, wasClean }) as PlatformCloseEvent; // which it is, or looks like
}
