import type { PlatformSocket, PlatformSocketEvent } from "holdfast";
import { WebSocket } from "ws";

type Listener = (event: PlatformSocketEvent) => void;

interface SocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A `WebSocket` that behaves as React Native's does where that differs from a browser's
 * (https://github.com/facebook/react-native, Libraries/WebSocket/WebSocket.js, as of 2026):
 * events are of no DOM class; `wasClean` is never true; a link that fails ends with 1006 and the platform's error as
 * the reason; there is no `bufferedAmount`; a third argument has headers; `send` while connecting throws a plain `Error`, and after the end is silent.
 */
export class ReactNativeWebSocket implements PlatformSocket {
  readyState = 0;
  protocol: string | null = null;
  readonly #native: WebSocket;
  readonly #listeners = new Map<string, Set<Listener>>();
  #failure = "";

  constructor(url: string, protocols?: string[] | null, { headers = {} }: SocketOptions = {}) {
    this.#native = new WebSocket(url, protocols ?? [], { headers, perMessageDeflate: false });
    this.#native.binaryType = "arraybuffer";
    this.#native.on("open", () => {
      this.readyState = 1;
      this.protocol = this.#native.protocol;
      this.#dispatch("open", {});
    });
    this.#native.on("message", (data, isBinary) => {
      this.#dispatch("message", { data: isBinary ? data : (data as Buffer).toString() }); // text is a Buffer
    });
    this.#native.on("error", (error) => {
      this.#failure = error.message;
    });
    this.#native.on("close", (code, reason) => {
      this.readyState = 3;
      if (code === 1006) this.#failed();
      else this.#dispatch("close", { code, reason: reason.toString(), wasClean: false });
    });
  }

  get binaryType(): string {
    return "arraybuffer";
  }

  set binaryType(binaryType: string) {
    if (binaryType !== "arraybuffer") throw new Error("Native module BlobModule is required for blob support");
  }

  addEventListener(type: string, listener: Listener): void {
    const known = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, known.add(listener));
  }

  send(data: string): void {
    if (this.readyState === 0) throw new Error("INVALID_STATE_ERR");
    if (this.readyState === 1) this.#native.send(data);
  }

  close(code = 1000, reason = ""): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    this.#native.close(code, reason);
  }

  #failed(): void {
    this.#dispatch("error", {});
    const reason = this.#failure || "The operation couldn\u2019t be completed. Socket is not connected";
    this.#dispatch("close", { code: 1006, reason, wasClean: false });
  }

  #dispatch(type: string, event: PlatformSocketEvent & { readonly wasClean?: boolean }): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ ...event });
  }
}
