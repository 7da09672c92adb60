import { describe, expect, it } from "vitest";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import { PageClock } from "../../../src/testing/page-clock.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

interface Setup {
  readonly clock: VirtualClock;
  readonly network: ManualNetwork;
  readonly heard: string[];
  readonly unwatch: () => void;
}

function setup(): Setup {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const heard: string[] = [];
  const unwatch = network.watch((signal) => heard.push(`${signal}@${clock.now()}`));
  return { clock, network, heard, unwatch };
}

describe("ManualNetwork", () => {
  it("is online until it is told otherwise", () => {
    const { network, heard } = setup();
    expect(network.online).toBe(true);
    network.goOffline();
    expect(network.online).toBe(false);
    network.goOnline();
    expect(network.online).toBe(true);
    expect(heard).toEqual(["offline@0", "online@0"]);
  });

  it("sends what a browser sends for each thing that happens to a page", () => {
    const { clock, network, heard } = setup();
    const said = (act: () => void): string[] => {
      heard.length = 0;
      act();
      return [...heard];
    };
    expect(
      said(() => {
        network.hide();
      }),
    ).toEqual([]);
    expect(
      said(() => {
        network.show();
      }),
    ).toEqual(["wake@0"]);
    expect(
      said(() => {
        network.suspend();
      }),
    ).toEqual(["suspend@0"]);
    expect(
      said(() => {
        network.wake();
      }),
    ).toEqual(["wake@0"]);
    expect(
      said(() => {
        network.freeze(clock, 10);
      }),
    ).toEqual(["wake@10"]);
    expect(
      said(() => {
        network.bfcache(clock, 10);
      }),
    ).toEqual(["suspend@10", "wake@20"]);
    expect(
      said(() => {
        network.sleep(clock, 10);
      }),
    ).toEqual(["wake@30"]);
    expect(
      said(() => {
        network.sleep(clock, 10, "unnoticed");
      }),
    ).toEqual([]);
    expect(clock.now()).toBe(40);
  });

  it("throttles the timers of a hidden page until it is shown", () => {
    const { clock, network, heard } = setup();
    const page = new PageClock(clock);
    const arm = (): void => {
      page.after(300, () => heard.push(`timer@${clock.now()}`));
    };
    network.hide(page);
    arm();
    clock.advance(2_000);
    network.hide(page, 60_000);
    arm();
    clock.advance(60_000);
    network.show();
    arm();
    clock.advance(2_000);
    expect(heard).toEqual(["timer@1000", "timer@60000", "wake@62000", "timer@62300"]);
  });

  it("leaves timers late after a sleep", () => {
    const { clock, network, heard } = setup();
    clock.after(5, () => heard.push(`timer@${clock.now()}`));
    network.sleep(clock, 100);
    clock.advance(0);
    expect(heard).toEqual(["wake@100", "timer@100"]);
  });

  it("counts its watchers and forgets one that leaves, also twice", () => {
    const { network, heard, unwatch } = setup();
    const other = network.watch(() => undefined);
    expect(network.watchers).toBe(2);
    unwatch();
    unwatch();
    expect(network.watchers).toBe(1);
    other();
    network.wake();
    expect(heard).toEqual([]);
    expect(network.watchers).toBe(0);
  });

  it("keeps two watches with one listener apart", () => {
    const network = new ManualNetwork();
    let calls = 0;
    const listener = (): void => {
      calls++;
    };
    const first = network.watch(listener);
    network.watch(listener);
    first();
    network.wake();
    expect(calls).toBe(1);
  });

  it("lets a listener that leaves during a signal hear it out, and a new one wait for the next", () => {
    const network = new ManualNetwork();
    const heard: string[] = [];
    network.watch(() => {
      second();
      network.watch(() => heard.push("new"));
    });
    const second = network.watch(() => heard.push("second"));
    network.wake();
    expect(heard).toEqual(["second"]);
    network.wake();
    expect(heard).toEqual(["second", "new"]);
  });
});
