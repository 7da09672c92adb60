import { runCase } from "./cases.ts";
import type { Package } from "./probe.ts";

/** The event of a service worker, which ends when it is done with its events. The types of the DOM know none. */
interface Extendable extends MessageEvent<string> {
  waitUntil?(work: Promise<void>): void;
}

/**
 * Runs cases for the page: the same lines in a dedicated worker, which is sent messages, in a shared one, which is sent
 * ports to listen to, and in a service worker, which has to say that it is not done yet.
 */
export function start(holdfast: Package): void {
  const run = (event: MessageEvent<string>): void => {
    const done = runCase(holdfast, event.data).then((outcome) => {
      event.ports[0]?.postMessage(outcome);
    });
    (event as Extendable).waitUntil?.(done);
  };
  globalThis.addEventListener("message", run);
  globalThis.addEventListener("connect", (event) => {
    if (!(event instanceof MessageEvent)) return;
    event.ports[0]?.addEventListener("message", run);
    event.ports[0]?.start();
  });
}
