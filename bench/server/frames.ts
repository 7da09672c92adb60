// RFC 6455, as much of it as a server needs that must be cheaper than any client: no fragments, no extensions.

/** A client's frame. Its payload is still masked where nobody needs it in clear. */
export interface Frame {
  readonly opcode: number;
  /** The masked payload: a view of what was read, good until the next chunk. */
  readonly masked: Buffer;
  readonly mask: Buffer;
}

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** The payload in clear, in a buffer of its own. */
export function payloadOf({ masked, mask }: Frame): Buffer {
  const clear = Buffer.allocUnsafe(masked.length);
  for (let i = 0; i < masked.length; i++) clear[i] = (masked[i] ?? 0) ^ (mask[i & 3] ?? 0);
  return clear;
}

/** Cuts a byte stream into the frames of a client. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  /** So many bytes it takes to go on: a long frame is put together once, and not with each chunk. */
  #wanted = 0;

  /** Calls `take` for each frame that is complete. */
  feed(chunk: Buffer, take: (frame: Frame) => void): void {
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size < this.#wanted) return;
    const data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#size);
    this.#wanted = 0;
    let at = 0;
    while (at + 6 <= data.length) {
      const short = (data[at + 1] ?? 0) & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + header + 4 > data.length) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      const start = at + header + 4;
      if (start + length > data.length) {
        this.#wanted = start + length - at;
        break;
      }
      take({
        opcode: (data[at] ?? 0) & 0x0f,
        mask: data.subarray(at + header, start),
        masked: data.subarray(start, start + length),
      });
      at = start + length;
    }
    this.#size = data.length - at;
    this.#chunks = this.#size > 0 ? [data.subarray(at)] : [];
  }
}

/** A server's frame. */
export function frameOf(opcode: number, payload: string | Buffer): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const { length } = body;
  const header = Buffer.allocUnsafe(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  if (length < 126) header[1] = length;
  else if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, body]);
}
