import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inRoot } from "../../../scripts/entries.ts";
import { readPage } from "../../support/markdown.ts";

it("the guide names every event that a WebSocket does not have", () => {
  const file = "docs/guides/websocket.md";
  const { tables } = readPage(file, readFileSync(inRoot(file), "utf8"));
  const named = tables.find(({ notes }) => notes.has("socket-events"))?.rows.slice(1);
  const [, map = ""] =
    /SocketEventMap \{([\s\S]*?)\n\}/.exec(readFileSync(inRoot("src/websocket/event-types.ts"), "utf8")) ?? [];
  const types = [...map.matchAll(/^ {2}(\w+): /gm)].map(([, type]) => type);
  expect(types.slice(0, 4)).toEqual(["open", "message", "error", "close"]);
  expect(named?.map(([type]) => type)).toEqual(types.slice(4));
});
