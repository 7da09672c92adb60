import { expect, it } from "vitest";
import type { QueueOptions } from "../../../src/outbox/options.ts";
import type { Outbox } from "../../../src/outbox/outbox.ts";
import { isHeld } from "../../support/garbage.ts";
import { setup } from "./setup.ts";

/** Queues one message, and answers what tells whether the outbox still holds on to it. In a function of its own: no local holds it. */
function queued(outbox: Outbox, key?: string): WeakRef<object> {
  const options: QueueOptions = { settled: () => undefined, ...(key !== undefined && { key }) };
  outbox.queue("a", options);
  return new WeakRef(options);
}

it.each([
  [
    "written",
    (outbox: Outbox) => {
      outbox.open();
    },
  ],
  [
    "discarded",
    (outbox: Outbox) => {
      outbox.clear();
    },
  ],
  [
    "replaced, and its heir written",
    (outbox: Outbox) => {
      queued(outbox, "k");
      outbox.open();
    },
  ],
] as const)("an outbox forgets a message that was %s, with a key and without one", async (_, end) => {
  const { outbox } = setup();
  const refs = [queued(outbox), queued(outbox, "k")];
  end(outbox);
  expect(outbox.size).toBe(0);
  for (const ref of refs) expect(await isHeld(ref)).toBe(false);
});
