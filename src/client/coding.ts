import type { Codec } from "../codec/codec.ts";
import { HoldfastError } from "../core/errors.ts";
import { assertPayload, type InboundPayload, type Payload } from "../core/payload.ts";

/** Characters of text, or bytes: what costs nothing to know. */
export function sizeOf(data: Payload): number {
  return typeof data === "string" ? data.length : data.byteLength;
}

/** What the socket carries for a value. @throws HoldfastError ENCODE_FAILED, with what the codec threw as its cause */
export function encode(codec: Codec, value: unknown): Payload {
  try {
    const data: unknown = codec.encode(value);
    assertPayload(data);
    return data;
  } catch (cause) {
    throw new HoldfastError("ENCODE_FAILED", "The codec cannot encode this value", { cause });
  }
}

/**
 * The value of a message.
 * @throws HoldfastError BAD_FRAME; what the codec throws may quote the frame, and frames belong in no log: it goes no further
 */
export function decode(codec: Codec, data: InboundPayload, maxSize: number = 1 << 24): unknown {
  if (sizeOf(data) > maxSize) throw bad(data, "is larger than maxMessageSize");
  try {
    return codec.decode(data);
  } catch {
    throw bad(data, "could not be decoded");
  }
}

function bad(data: InboundPayload, why: string): HoldfastError {
  return new HoldfastError("BAD_FRAME", `A message of size ${String(sizeOf(data))} ${why}`);
}
