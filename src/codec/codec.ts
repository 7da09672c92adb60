import { assertPayload, type InboundPayload, type Payload } from "../core/payload.ts";

/** Turns values into what a socket carries, and back. Both may throw; nothing else of the connection suffers. */
export interface Codec {
  encode(value: unknown): Payload;
  decode(data: InboundPayload): unknown;
}

/** JSON in text frames. @throws TypeError for what JSON cannot carry (a function, `undefined`, a cycle, a BigInt) */
export const jsonCodec: Codec = {
  encode(value) {
    // The declared type hides that `stringify` answers `undefined` for what has no JSON.
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError("This value has no JSON form");
    return text;
  },
  decode(data) {
    if (typeof data !== "string") throw new TypeError("A binary frame is not JSON");
    return JSON.parse(data) as unknown;
  },
};

/** Text and bytes as they are. */
export const rawCodec: Codec = {
  encode(value) {
    assertPayload(value);
    return value;
  },
  decode: (data) => data,
};
