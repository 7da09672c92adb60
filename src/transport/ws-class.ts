import type { Payload } from "../core/payload.ts";

/** Node's `Buffer`, as far as it is used. */
export interface WsBytes extends Uint8Array {
  toString(encoding?: "utf8"): string;
}

/** The part of a socket of `ws` that is used. */
export interface WsSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly protocol: string;
  readonly extensions?: string;
  readonly bufferedAmount: number;
  once(event: "open", listener: () => void): unknown;
  on(event: "ping" | "pong", listener: () => void): unknown;
  on(event: "message", listener: (data: WsBytes | ArrayBuffer, isBinary: boolean) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "close", listener: (code: number, reason: WsBytes) => void): unknown;
  send(data: Payload): void;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as ws has them: its class has to fit
  send(data: Payload, options: { readonly binary: boolean }): void;
  ping(): void;
  close(code: number, reason?: string): void;
  terminate(): void;
  /** The stream below: an inner part of `ws`, used where it is there. Bun's `ws` has something else by that name. */
  readonly _socket?: Partial<WsStreamLike> | null;
}

/** The part of a `net.Socket` that is used. */
export interface WsStreamLike {
  readonly bytesRead?: number;
  readonly bytesWritten?: number;
  readonly writableLength: number;
  cork(): void;
  uncork(): void;
}

/** A class like that of `ws`. */
export type WsConstructor = new (url: string, protocols: string[], options: object) => WsSocketLike;
