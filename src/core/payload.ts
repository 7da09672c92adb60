/** What a WebSocket can carry. Text goes as a text frame, bytes as a binary frame. */
export type Payload = string | ArrayBuffer | ArrayBufferView;

/** What comes in: text, or bytes as an `ArrayBuffer`, on every runtime. */
export type InboundPayload = string | ArrayBuffer;

/** True for what `send` of a socket takes the same way everywhere. A `Blob` is not: its bytes come too late to keep order. */
export function isPayload(value: unknown): value is Payload {
  return typeof value === "string" || value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** Bytes on the wire, without the frame's header; text counts as UTF-8. */
export function byteLength(data: Payload): number {
  if (typeof data !== "string") return data.byteLength;
  let bytes = data.length;
  for (let i = 0; i < data.length; i++) {
    const unit = data.charCodeAt(i);
    // 2 bytes up to U+07FF; 3 above. Half of a surrogate pair counts 2, so that a pair makes 4.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
