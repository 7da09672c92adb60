import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";
import { differences } from "../../conformance/differences.js";
import { inRoot } from "../../../scripts/entries.ts";
import { ConformanceServer } from "../../conformance/server.ts";
import { readPage } from "../../support/markdown.ts";
import { cases, type ConformanceResult, isSame, runSuite } from "../../conformance/suite.js";

const NODE = `Node ${process.versions.node.split(".")[0] ?? ""}`;

/** One life, as the platform's class has it. */
class OneLife extends ReconnectingWebSocket {
  constructor(...[url, protocols]: ConstructorParameters<typeof ReconnectingWebSocket>) {
    super(url, protocols, { retry: "off" });
  }
}

class OneLifeOverPlatform extends ReconnectingWebSocket {
  constructor(...[url, protocols]: ConstructorParameters<typeof ReconnectingWebSocket>) {
    super(url, protocols, { retry: "off", WebSocket });
  }
}

interface Subject {
  readonly name: string;
  readonly WebSocket: unknown;
  readonly sources: readonly string[];
  readonly below: readonly string[];
}

/** Whose doing the differences of each class are; of a class that is dialled with, only what cannot be hidden. */
const subjects: readonly Subject[] = [
  { name: `the WebSocket of ${NODE}`, WebSocket, sources: [NODE, "Node's EventTarget"], below: [] },
  {
    name: "ReconnectingWebSocket over ws",
    WebSocket: OneLife,
    sources: ["holdfast", "ws", "Node's EventTarget"],
    below: [],
  },
  {
    name: `ReconnectingWebSocket over the WebSocket of ${NODE}`,
    WebSocket: OneLifeOverPlatform,
    sources: ["holdfast", "Node's EventTarget"],
    below: [NODE],
  },
];

describe.each(subjects)("$name and the WHATWG standard", ({ WebSocket, sources, below }) => {
  let results: readonly ConformanceResult[] = [];

  beforeAll(async () => {
    await using server = await ConformanceServer.start();
    results = await runSuite({ WebSocket, base: server.base });
  }, 60_000);

  it.each(cases.map(({ name }) => name))("%s", (name) => {
    const result = results.find((each) => each.name === name);
    const listed = differences.filter((each) => each.case === name);
    const own = listed.find((each) => "actual" in each && sources.includes(each.source));
    const inherited = listed.find((each) => "over" in each && below.includes(each.source));
    const expected = own ? own.actual : inherited ? inherited.over : result?.expected;
    expect(result?.actual).toEqual(expected);
  });
});

describe("the list of differences", () => {
  it.each(differences)("$source: $case", (difference) => {
    const standard = cases.find(({ name }) => name === difference.case);
    expect(standard).toBeDefined();
    for (const seen of [difference.actual, difference.over].filter((each) => each !== undefined)) {
      expect(isSame(seen, standard?.expected)).toBe(false);
    }
  });

  it("is the table in the guide", () => {
    const file = "docs/guides/websocket.md";
    const table = readPage(file, readFileSync(inRoot(file), "utf8")).tables.find(({ notes }) =>
      notes.has("differences"),
    );
    expect(table?.rows.slice(1)).toEqual(differences.map(({ case: name, source, reason }) => [name, source, reason]));
  });
});
