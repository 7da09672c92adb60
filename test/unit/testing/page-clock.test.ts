import { describe, expect, it } from "vitest";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { PageClock } from "../../../src/testing/page-clock.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

interface Setup {
  readonly world: VirtualClock;
  readonly page: PageClock;
  readonly ran: string[];
  readonly note: (delay: number, name: string) => () => void;
}

function setup(): Setup {
  const world = new VirtualClock();
  const page = new PageClock(world);
  const ran: string[] = [];
  const note = (delay: number, name: string): (() => void) =>
    page.after(delay, () => ran.push(`${name}@${world.now()}`));
  return { world, page, ran, note };
}

describe("PageClock", () => {
  it("is the world's time for a page that is awake", () => {
    const { world, page, ran, note } = setup();
    note(20, "b");
    note(10, "a");
    const cancel = note(15, "cancelled");
    expect(page.pending).toBe(3);
    cancel();
    cancel();
    world.advance(20);
    cancel();
    expect(ran).toEqual(["a@10", "b@20"]);
    expect(page.now()).toBe(20);
    expect(page.pending).toBe(0);
  });

  it("runs nothing while frozen, and what fell due in its order after the thaw", () => {
    const { world, page, ran, note } = setup();
    note(20, "b");
    note(10, "a");
    const cancel = note(15, "cancelled");
    note(5_000, "later");
    page.freeze();
    world.advance(1_000);
    expect(ran).toEqual([]);
    expect(page.frozen).toBe(true);
    cancel();
    expect(page.pending).toBe(3);
    page.thaw();
    expect(ran).toEqual([]);
    world.advance(0);
    expect(ran).toEqual(["a@1000", "b@1000"]);
    world.advance(4_000);
    expect(ran.at(-1)).toBe("later@5000");
    expect(world.pending).toBe(0);
  });

  it("holds on to its order when it is frozen again at once", () => {
    const { world, page, ran, note } = setup();
    note(20, "b");
    note(10, "a");
    page.freeze();
    world.advance(100);
    page.thaw();
    page.freeze();
    world.advance(100);
    page.thaw();
    world.advance(0);
    expect(ran).toEqual(["a@200", "b@200"]);
  });

  it("runs throttled timers on the grid only, those armed before among them", () => {
    const { world, page, ran, note } = setup();
    note(1_500, "before");
    page.throttle(1_000);
    note(2_000, "on the grid");
    note(2_001, "after it");
    page.task(() => ran.push(`task@${world.now()}`));
    world.advance(2_500);
    page.throttle(0);
    note(0, "free");
    world.advance(10_000);
    expect(ran).toEqual(["task@0", "on the grid@2000", "before@2000", "free@2500", "after it@3000"]);
  });

  it("lets its wall clock be set without touching timers", () => {
    const { world, page, ran, note } = setup();
    note(100, "a");
    page.adjust(-3_600_000);
    expect(page.now()).toBe(-3_600_000);
    world.advance(100);
    expect(ran).toEqual(["a@100"]);
  });

  it("holds back what a server sends to a frozen page, behind the timers that were due earlier", () => {
    const { world, page, ran, note } = setup();
    const server = new MemoryServer({ clock: world, latency: 10 });
    const events = {
      opened: () => ran.push("opened"),
      message: (data: unknown) => ran.push(`${String(data)}@${world.now()}`),
      pong: () => undefined,
      closed: () => ran.push("closed"),
    };
    server.transportOn(page)({ url: "ws://test", protocols: [] }, events);
    world.advance(20);
    page.freeze();
    note(5, "timer");
    server.last.send("first");
    world.advance(60_000);
    server.last.send("second");
    note(30_000, "not yet");
    world.advance(10);
    expect(ran).toEqual(["opened"]);
    page.thaw();
    world.advance(0);
    expect(ran).toEqual(["opened", "timer@60030", "first@60030", "second@60030"]);
    expect(page.pending).toBe(1);
  });

  it("lets a client that is closed while frozen be told after the thaw", () => {
    const { world, page, ran } = setup();
    const server = new MemoryServer({ clock: world });
    server.answer = { type: "stall" };
    const closed = (): void => void ran.push(`closed@${world.now()}`);
    const socket = server.transportOn(page)(
      { url: "ws://test", protocols: [] },
      { opened: () => undefined, message: () => undefined, pong: () => undefined, closed },
    );
    page.freeze();
    socket.close(1000, "");
    world.advance(10);
    expect(ran).toEqual([]);
    page.thaw();
    world.advance(0);
    expect(ran).toEqual(["closed@10"]);
  });
});
