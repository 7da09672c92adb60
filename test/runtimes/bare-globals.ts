// Loaded before the suite: takes away what React Native's engine does not have, as far as it can be taken away in Node.
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

// Node reads some of them when it first needs its own fetch and WebSocket, which React Native has, too.
await fetch("data:,");
void globalThis.WebSocket;

for (const name of MISSING) Reflect.deleteProperty(globalThis, name);
Object.defineProperty(globalThis, "navigator", { value: { product: "ReactNative" }, configurable: true });
const left = MISSING.filter((name) => name in globalThis);
if (left.length > 0) throw new Error(`Still there: ${left.join(", ")}`);
