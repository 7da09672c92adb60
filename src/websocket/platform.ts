import type { MessageClass } from "./event-types.ts";

/** The class of messages: the platform's own, and `undefined` where there is none. */
export function messageClass(platform: { readonly MessageEvent?: MessageClass | undefined }): MessageClass | undefined {
  return platform.MessageEvent;
}
