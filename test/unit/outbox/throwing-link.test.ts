import { expect, it } from "vitest";
import { outcomesOf, setup } from "./setup.ts";

/** An outbox with three messages, whose link throws once it is asked to take the second one. */
function flushed() {
  const all = setup();
  const { link, outbox, send } = all;
  const take = link.write.bind(link);
  link.write = (data) => {
    if (link.written.length === 1) throw new Error("send() throws, as scripted");
    return take(data);
  };
  for (const data of ["a", "b", "c"]) send(data);
  outbox.open();
  /** The next link. */
  const mend = (): void => {
    link.write = take;
    outbox.lost();
    outbox.open();
  };
  return { ...all, mend };
}

it("a link that throws while the queue is flushed has taken nothing, and what is left goes to the next one", () => {
  const all = flushed();
  expect(all.link.written).toEqual(["a"]);
  expect(all.outbox.size).toBe(2);
  all.mend();
  expect(all.link.written).toEqual(["a", "b", "c"]);
  expect(outcomesOf(all)).toEqual({ a: "written", b: "written", c: "written" });
});

it("a link that throws is reported once, and asked no more; what is sent meanwhile is queued and throws nothing", () => {
  const all = flushed();
  expect(all.link.failures).toMatchObject([
    { code: "LISTENER_FAILED", cause: { message: expect.any(String) as string } },
  ]);
  expect(all.send("d")).toBe("queued");
  all.clock.advance(60_000);
  expect(all.link.failures).toHaveLength(1);
  all.mend();
  expect(all.link.written).toEqual(["a", "b", "c", "d"]);
});

it("a message that throws can still expire, be replaced and be taken back", () => {
  const all = setup();
  const { clock, link, outbox, send } = all;
  link.write = () => {
    throw new Error("send() throws, as scripted");
  };
  send("ttl", { ttl: 100 });
  outbox.open();
  clock.advance(100);
  expect(outcomesOf(all)).toEqual({ ttl: "expired" });
});

it("tells a layer that its frame was not written after all", () => {
  const { link, outbox } = setup();
  const told: boolean[] = [];
  link.write = () => {
    throw new Error("send() throws, as scripted");
  };
  outbox.queue("x", { writing: (now) => told.push(now) });
  outbox.open();
  expect(told).toEqual([true, false]);
});
