import { describe, expect, it } from "vitest";
import { SEEN_PROMISES, SHELL_PROMISES } from "./shell-promises.ts";
import { walkShell } from "./shell-walk.ts";
import type { Sabotage } from "./shell-world.ts";

const STEPS = 1_000_000;
const SEED = 20_260_102;

describe("a random walk of a million steps around a connection", async () => {
  const { findings, steps, dials, acts, states } = await walkShell(SEED, STEPS);

  it("was as long as it should be, and did everything often", () => {
    expect(steps).toBe(STEPS);
    expect(dials).toBeGreaterThan(STEPS / 50);
    expect([...acts].filter(([, times]) => times < STEPS / 1_000)).toEqual([]);
    expect([...states].sort()).toEqual(["closed", "closing", "connecting", "idle", "offline", "open", "waiting"]);
  });

  it.each([...Object.keys(SHELL_PROMISES), ...SEEN_PROMISES])("%s", (promise) => {
    expect(findings.of(promise)).toBeUndefined();
  });
});

describe("the walk is the same walk for the same seed", () => {
  it("and another one for another seed", async () => {
    const walks = await Promise.all([1, 1, 2].map((seed) => walkShell(seed, 3_000)));
    const [first, again, other] = walks.map(({ acts, dials }) => [dials, ...acts]);
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});

describe("the walk notices a connection that", () => {
  const nothing = (): void => undefined;

  it.each<[string, Sabotage, string]>([
    [
      "does not let go of its sockets",
      ({ transport, ...rest }) => ({
        ...rest,
        transport: (request, events) => Object.assign(transport(request, events), { abandon: nothing }),
      }),
      "at most one live socket",
    ],
    [
      "does not cancel its timers",
      ({ clock, ...rest }) => ({
        ...rest,
        clock: {
          now: () => clock.now(),
          after: (delay, callback) => {
            clock.after(delay, callback);
            return nothing;
          },
        },
      }),
      "every timer belongs to the state",
    ],
    [
      "does not stop listening to the platform",
      ({ network, ...rest }) => ({
        ...rest,
        network: {
          online: true,
          watch: (listener) => {
            network.watch(listener);
            return nothing;
          },
        },
      }),
      "the platform is watched while a connection is wanted, once, and not otherwise",
    ],
  ])("%s", async (_, sabotage, promise) => {
    const { findings } = await walkShell(SEED, 20_000, sabotage);
    expect(findings.of(promise)).toMatch(/^.+\nseed 20260102, step \d+; the last events:\n(\d+\. .+\n?){1,50}$/);
  });
});
