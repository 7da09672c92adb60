// The tables of docs/guides/testing.md say what there is.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inRoot } from "../../../scripts/entries.ts";
import * as kit from "../../../src/testing.ts";
import { readPage } from "../../support/markdown.ts";
import { dialQuietly } from "./dial-quietly.ts";

const { tables } = readPage("testing.md", readFileSync(inRoot("docs/guides/testing.md"), "utf8"));
const sayings = tables
  .filter(({ notes }) => notes.has("says"))
  .flatMap(({ rows }) => rows.slice(1))
  .map(([what = "", how = ""]) => [what, how] as const);

/** Every `a.b.c` of the text; `.c` alone goes on from `server.last`. */
function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\w"])([a-z]\w*)?((?:\.[a-z]\w*)+)/gi)].map(
    ([, root = "server.last", rest = ""]) => root + rest,
  );
}

/** True if the path leads somewhere in `world`. */
function leadsSomewhere(world: object, path: string): boolean {
  let at: unknown = world;
  return path.split(".").every((name) => {
    if (typeof at !== "object" || at === null || !(name in at)) return false;
    at = (at as Readonly<Record<string, unknown>>)[name]; // `in` has just looked
    return true;
  });
}

it("there are some, and a wrong one is seen", () => {
  expect(sayings.length).toBeGreaterThan(20);
  expect(pathsIn("`server.last.stall()`, `.resume()`; `clock.jump(1)`")).toEqual([
    "server.last.stall",
    "server.last.resume",
    "clock.jump",
  ]);
  expect(leadsSomewhere({ server: { last: {} } }, "server.last.stall")).toBe(false);
});

it.each(sayings)("%s: %s", (_what, how) => {
  const clock = new kit.VirtualClock();
  const server = new kit.MemoryServer({ clock });
  dialQuietly(server);
  const network = new kit.ManualNetwork();
  const client = { close: "the client's own" };
  const world = { ...kit, clock, server, network, client, connection: server.last };
  for (const path of pathsIn(how)) expect(leadsSomewhere(world, path), path).toBe(true);
  for (const [, promise] of how.matchAll(/"([a-z]+(?:-[a-z]+)+)"/g)) expect(kit.BROKEN_PROMISES).toContain(promise);
  for (const [name] of how.matchAll(/\b([A-Z]\w{3,}|memoryWebSocket|seededRandom)\b/g))
    expect(kit).toHaveProperty(name);
});
