import { badOption } from "./options.ts";

/** What a WebSocket can carry. Text goes as a text frame, bytes as a binary frame. */
export type Payload = string | ArrayBuffer | ArrayBufferView;

/** What comes in: text, or bytes as an `ArrayBuffer`, on every runtime. */
export type InboundPayload = string | ArrayBuffer;

/**
 * True for what `send` of a socket takes the same way everywhere, also from another realm. A `Blob` is not: its bytes come
 * too late to keep order. Nor is shared memory: browsers refuse it.
 */
export function isPayload(value: unknown): value is Payload {
  const bytes = ArrayBuffer.isView(value) ? value.buffer : value;
  return typeof value === "string" || Object.prototype.toString.call(bytes) === "[object ArrayBuffer]";
}

/** Throws a `TypeError` for anything else than `send` of a socket takes. */
export function assertPayload(data: unknown): asserts data is Payload {
  if (!isPayload(data)) throw badOption("data", "a string, an ArrayBuffer or a view of one");
}

/** Bytes on the wire, without the frame's header; text counts as UTF-8. */
export function byteLength(data: Payload): number {
  if (typeof data !== "string") return data.byteLength;
  let bytes = data.length;
  for (let i = 0; i < data.length; i++) {
    const unit = data.charCodeAt(i);
    // 2 bytes up to U+07FF, 3 above. A surrogate pair makes 4; half of one is sent as U+FFFD, and that takes 3.
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
    if (unit >> 10 === 0x37 && data.charCodeAt(i - 1) >> 10 === 0x36) bytes -= 2;
  }
  return bytes;
}
