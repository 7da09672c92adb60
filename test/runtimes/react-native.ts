// Loaded before the suite: makes of Node's globals what an application finds in React Native. There is a `WebSocket`, with events
// of its own kind, and neither the classes of DOM events nor a document.
import { AbortController, AbortSignal } from "abort-controller/dist/abort-controller";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { ReactNativeWebSocket } from "./react-native-websocket.ts";

const MISSING = [
  "Event",
  "EventTarget",
  "MessageEvent",
  "CloseEvent",
  "ErrorEvent",
  "CustomEvent",
  "DOMException",
  "Blob",
  "File",
  "document",
  "BroadcastChannel",
  "MessageChannel",
  "structuredClone",
  "crypto",
];

/** Node's own `fetch` needs a global `Blob`, and React Native's does not. The suite needs this much of it. */
function fetchOverHttp(url: string, { body }: { readonly body: string }): Promise<object> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST" }, (response) => {
      const answer = text(response);
      const json = async (): Promise<unknown> => JSON.parse(await answer) as unknown;
      resolve({ ok: response.statusCode === 200, text: () => answer, json });
    });
    sent.on("error", reject).end(body);
  });
}

for (const name of MISSING) Reflect.deleteProperty(globalThis, name);
const left = MISSING.filter((name) => name in globalThis);
if (left.length > 0) throw new Error(`Still there: ${left.join(", ")}`);

for (const [name, value] of Object.entries({
  WebSocket: ReactNativeWebSocket,
  // The same as in React Native: it keeps no reason.
  AbortController,
  AbortSignal,
  navigator: { product: "ReactNative" },
  fetch: fetchOverHttp,
})) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
