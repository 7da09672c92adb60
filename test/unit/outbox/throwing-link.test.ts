import { expect, it } from "vitest";
import { outcomesOf, setup, type Setup } from "./setup.ts";

/** An outbox with three messages, whose link throws for the second one. */
function flushed(): Setup {
  const all = setup();
  const take = all.link.write.bind(all.link);
  all.link.write = (data) => {
    if (data === "b") throw new Error("send() throws, as scripted");
    return take(data);
  };
  for (const data of ["a", "b", "c"]) all.send(data);
  all.outbox.open();
  return all;
}

it("a message for which the link throws is discarded, and says so; the others are written, in order", () => {
  const all = flushed();
  expect(all.link.written).toEqual(["a", "c"]);
  expect(outcomesOf(all)).toEqual({ a: "written", b: "discarded", c: "written" });
  expect(all.link.dropped).toEqual([["b", "discarded"]]);
  expect(all.link.failures).toMatchObject([
    { code: "LISTENER_FAILED", cause: { message: "send() throws, as scripted" } },
  ]);
});

it("what is sent after it goes out, on this link and on the next one", () => {
  const all = flushed();
  expect(all.send("d")).toBe("written");
  all.outbox.lost();
  all.send("e");
  all.outbox.open();
  expect(all.link.written).toEqual(["a", "c", "d", "e"]);
});

it("tells a layer that its frame was not written after all", () => {
  const { link, outbox } = setup();
  const told: unknown[] = [];
  link.write = () => {
    throw new Error("send() throws, as scripted");
  };
  outbox.queue("x", { writing: (now) => told.push(now), settled: (outcome) => told.push(outcome) });
  outbox.open();
  expect(told).toEqual([true, false, "discarded"]);
});

it("a message that is not queued throws at whoever sends it, and nothing is taken", () => {
  const all = flushed();
  expect(() => all.send("b", {}, "again")).toThrow("as scripted");
  expect(all.outbox.size).toBe(0);
  expect(all.outcomes.has("again")).toBe(false);
});
