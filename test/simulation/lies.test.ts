import { describe, expect, it } from "vitest";
import { LIES } from "./lies.ts";
import type { Report } from "./run.ts";
import { HERD_EVERY, simulate } from "./simulate.ts";

/** A broken client is found out within so many seeds. */
const MOST = 40;

describe("the simulator notices a client that", () => {
  it.each(Object.keys(LIES))("%s", async (name) => {
    const lie = LIES[name] ?? {};
    const stride = lie.random ? HERD_EVERY : 1;
    let found: Report | undefined;
    for (let count = 1; count <= MOST && !found; count++) {
      const report = await simulate(count * stride, { lie });
      if (report.violations.length > 0) found = report;
    }
    expect(found?.violations).toHaveLength(1);
    expect(found?.last.length).toBeGreaterThan(0);
    expect(found?.last.length).toBeLessThanOrEqual(50);
    expect(found?.last.at(-1)).toContain(found?.violations[0]?.message);
  });
});
