/**
 * One way in which a runtime's `WebSocket` leaves the standard (or stays within it and still surprises). What a `MemoryServer`
 * is told to break comes on top: `opens-twice`, `closed-twice`, `message-after-closed`, `bytes-as-views` and `opens-during-dial`
 * (the socket is open, or over, when the constructor returns, and says nothing) reach the listeners too.
 */
export type WebSocketQuirk =
  | "failed-dial-fires-error-only" // Node 22: no `close`, and `readyState` stays 0 (nodejs/undici#3546)
  | "failed-dial-fires-close-only" // happy-dom
  | "failed-dial-fires-nothing" // Safari, at times (home-assistant-js-websocket#760)
  | "drop-fires-close-only" // Node 22, Bun, ws
  | "drop-fires-error-only"
  | "drop-fires-nothing" // iOS after a sleep
  | "code-zero" // Deno: 0 where no close frame came
  | "early-close-ends-inside" // undici under Node 20: `close()` while connecting fires `error` and `close` before it returns
  | "early-close-sticks" // Node 22: `close()` while connecting fires `error` twice and never `close`; `readyState` stays 2
  | "early-close-opens" // mocks: `close()` while connecting is followed by `open` all the same (jest-websocket-mock#165)
  | "close-fires-nothing" // the closing handshake is never over, whatever the peer answers
  | "blobs" // bytes are a `Blob`, whatever `binaryType` says
  | "any-close-code" // ws, Bun: `close(1001)` is allowed
  | "no-buffered-amount";

/** What field notes and measurements say of each runtime. Browsers, and Node from 24 on, have no quirk that matters here. */
export const RUNTIME_QUIRKS: Readonly<
  Record<"node20Undici" | "node22" | "deno" | "bun" | "happyDom", readonly WebSocketQuirk[]>
> = {
  node20Undici: ["early-close-ends-inside"],
  node22: ["failed-dial-fires-error-only", "early-close-sticks", "drop-fires-close-only"],
  deno: ["code-zero"],
  bun: ["drop-fires-close-only", "any-close-code"],
  happyDom: ["failed-dial-fires-close-only"],
};
