import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { beforeAll, describe, expect, it } from "vitest";
import { inRoot } from "../../../scripts/entries.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";
import { differencesText } from "../../conformance/differences-text.ts";
import { judge, subjectsOn, type Verdict, wrongDifferences } from "../../conformance/judge.ts";
import { ConformanceServer } from "../../conformance/server.ts";
import { type Kind, type Results, tryAll } from "../../conformance/subjects.ts";
import { cases } from "../../conformance/suite.js";

// All other platforms: npm run test:conformance
const PLATFORM = `Node ${process.versions.node.split(".")[0] ?? ""}`;
const KINDS: readonly Kind[] = ["platform", "ws", "native"];

const NAMES: Readonly<Record<Kind, string>> = {
  platform: `the WebSocket of ${PLATFORM}`,
  ws: "ReconnectingWebSocket over ws",
  native: `ReconnectingWebSocket over the WebSocket of ${PLATFORM}`,
};

describe("the WHATWG standard", () => {
  let results: Results = {};

  beforeAll(async () => {
    await using server = await ConformanceServer.start();
    results = await tryAll(ReconnectingWebSocket, KINDS, server.addresses);
  }, 120_000);

  describe.each(subjectsOn(PLATFORM, KINDS).map((subject) => ({ name: NAMES[subject.kind], subject })))(
    "and $name",
    ({ subject }) => {
      let verdicts: readonly Verdict[] = [];

      beforeAll(() => {
        verdicts = judge(results[subject.kind] ?? [], subject);
      });

      it.each(cases.map(({ name }) => name))("%s", (name) => {
        const verdict = verdicts.find((each) => each.name === name);
        expect(verdict).toBeDefined();
        expect(verdict?.actual).toEqual(verdict?.expected);
      });
    },
  );
});

describe("the cases and the list of differences", () => {
  it("each case has a name of its own", () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it("each difference is one, of a case that there is", () => {
    expect(wrongDifferences()).toEqual([]);
  });

  it("the guide has the whole list", async () => {
    const guide = inRoot("docs/guides/websocket.md");
    const config = await resolveConfig(guide);
    const list = await format(differencesText(), { ...config, parser: "markdown" });
    expect(readFileSync(guide, "utf8")).toContain(`<!-- differences -->\n\n${list}\n<!-- /differences -->`);
  });
});
