import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRoot } from "../../scripts/entries.ts";
import { PAGE, render } from "../../scripts/state-diagram.ts";
import { EVENTS, STATES, TRANSITIONS } from "../../scripts/state-table.ts";

const page = readFileSync(inRoot(PAGE), "utf8");

describe("docs/state-machine.md", () => {
  it("is what its script makes of the table: npm run docs:state -- --write", async () => {
    expect(await render(page)).toBe(page);
  });

  it("would be made afresh if the table changed", async () => {
    const stale = page.replace("hurries, reschedules", "something else");
    expect(stale).not.toBe(page);
    expect(await render(stale)).toBe(page);
  });

  it.each(["diagram", "overview", "transitions", "events", "effects", "timers"])(
    "must have a place for the %s",
    async (part) => {
      await expect(render(page.replace(`<!-- end: ${part} -->`, ""))).rejects.toThrow(`no place for ${part}`);
      await expect(render(page.replace(`<!-- generated: ${part} -->`, ""))).rejects.toThrow(`no place for ${part}`);
    },
  );
});

describe("the table of transitions", () => {
  it("speaks of every state and every event", () => {
    expect(new Set(TRANSITIONS.flatMap(({ from }) => from))).toEqual(new Set(STATES));
    expect(new Set(TRANSITIONS.map(({ on }) => on))).toEqual(new Set(Object.keys(EVENTS)));
  });

  it("lists nothing twice, and says when, where an event can lead to more than one place", () => {
    for (const state of STATES) {
      for (const event of Object.keys(EVENTS)) {
        const here = TRANSITIONS.filter(({ on, from }) => on === event && from.includes(state));
        const conditions = here.map(({ when }) => when ?? "");
        expect(new Set(conditions).size).toBe(conditions.length);
        if (here.length > 1) expect(conditions).not.toContain("");
      }
    }
  });

  it("has a way out of every state", () => {
    for (const state of STATES) {
      expect(TRANSITIONS.some(({ from, to }) => from.includes(state) && to !== state && to !== "same")).toBe(true);
    }
  });
});
