// How the drop-in class is imported: by default or by name, from ES modules and from CommonJS.
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import Default, { ReconnectingWebSocket } from "holdfast/websocket";

const require = createRequire(import.meta.url);

it("is the default export and a named one", () => {
  expect(Default).toBe(ReconnectingWebSocket);
  expect(new Default("ws://127.0.0.1:1/", [], { startClosed: true })).toBeInstanceOf(EventTarget);
});

it("is both in CommonJS too, and nothing else is there", () => {
  const required = require("holdfast/websocket") as Readonly<Record<string, unknown>>;
  expect(Object.keys(required).sort()).toEqual(["ReconnectingWebSocket", "default"]);
  expect(required["default"]).toBe(required["ReconnectingWebSocket"]);
});
