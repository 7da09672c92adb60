// Loaded before the suite: takes away what React Native's engine does not have, as far as it can be taken away in Node.
import { request } from "node:http";
import { text } from "node:stream/consumers";

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
];

// Node's own WebSocket reads some of them when it is first needed, which is not what is tested.
Reflect.get(globalThis, "WebSocket");

for (const name of MISSING) Reflect.deleteProperty(globalThis, name);
Object.defineProperty(globalThis, "navigator", { value: { product: "ReactNative" }, configurable: true });
const left = MISSING.filter((name) => name in globalThis);
if (left.length > 0) throw new Error(`Still there: ${left.join(", ")}`);

/** Node's `fetch` needs a global `Blob`, and React Native's does not. The suite needs this much of it. */
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

Object.assign(globalThis, { fetch: fetchOverHttp });
