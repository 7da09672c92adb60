import { expect, it } from "vitest";
import { Subscriptions, type Subscription } from "../../../src/subscriptions/subscriptions.ts";
import { isHeld } from "../../support/garbage.ts";

function topic(subscribe: () => Promise<unknown> = () => Promise.resolve()): Subscription<unknown> {
  const subscriptions = new Subscriptions({
    subscribe,
    unsubscribe: () => Promise.resolve(),
    check: (_topic, data) => data,
    gap: () => undefined,
    report: () => undefined,
  });
  subscriptions.opened();
  return subscriptions.subscribe("trades");
}

// In functions of their own: no local holds what they point to.
function listened(trades: Subscription<unknown>): WeakRef<object> {
  const listener = (): void => undefined;
  trades.listen(listener)();
  return new WeakRef(listener);
}

async function iterated(trades: Subscription<unknown>): Promise<WeakRef<object>> {
  const iterator = trades[Symbol.asyncIterator]();
  await iterator.return?.();
  return new WeakRef(iterator);
}

function refused(trades: Subscription<unknown>): WeakRef<object> {
  const listener = (): void => undefined;
  trades.listen(listener);
  return new WeakRef(listener);
}

it("a subscription forgets the listeners of a topic that was refused", async () => {
  const trades = topic(() => Promise.reject(new Error("no")));
  const ref = refused(trades);
  expect(await isHeld(ref)).toBe(false);
  trades.close();
});

it("a subscription forgets the listeners and the iterations that have ended", async () => {
  const trades = topic();
  const refs = [listened(trades), await iterated(trades)];
  for (const ref of refs) expect(await isHeld(ref)).toBe(false);
  trades.close();
});
