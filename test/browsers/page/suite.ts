import { CASES, runCase } from "./cases.ts";
import type { Package } from "./probe.ts";
import type { Build, Context, Outcome } from "./protocol.ts";

/** What the driver asks this page. */
export interface Suite {
  readonly sentences: readonly string[];
  /** Why this browser has no such context, or nothing. Starts it. */
  missing(context: Context): Promise<string | undefined>;
  run(context: Context, sentence: string): Promise<Outcome>;
}

interface Target {
  postMessage(message: string, ports: MessagePort[]): void;
}

export function start(holdfast: Package, build: Build): void {
  const targets = new Map<Context, Target>();
  const suite: Suite = {
    sentences: CASES.map(([sentence]) => sentence),
    missing: async (context) => {
      try {
        if (context !== "page") targets.set(context, await startWorker(context, build));
        return undefined;
      } catch (error) {
        return String(error);
      }
    },
    run: (context, sentence) => {
      const target = targets.get(context);
      return target ? ask(target, sentence) : runCase(holdfast, sentence);
    },
  };
  Object.assign(globalThis, { suite });
}

function ask(target: Target, sentence: string): Promise<Outcome> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      resolve(data as Outcome); // runCase made it
      port1.close();
    };
    target.postMessage(sentence, [port2]);
  });
}

async function startWorker(context: Exclude<Context, "page">, build: Build): Promise<Target> {
  const url = `/entry/${build}/worker.js`;
  const type = "module";
  switch (context) {
    case "worker":
      return loaded(new Worker(url, { type }));
    case "shared worker": {
      const worker = new SharedWorker(url, { type });
      worker.port.start();
      return loaded(worker, worker.port);
    }
    case "service worker": {
      const registration = await navigator.serviceWorker.register(url, { type });
      const worker = registration.installing ?? registration.waiting ?? registration.active;
      if (!worker) throw new Error("registered, and there is no worker");
      return worker;
    }
    default:
      return context satisfies never;
  }
}

/** A worker whose script cannot be loaded fires `error`; one that runs says nothing, so it is asked for nothing. */
async function loaded<Asked extends Target>(worker: EventTarget & Partial<Asked>, target?: Asked): Promise<Target> {
  const failed = new Promise<never>((_resolve, reject) => {
    worker.addEventListener("error", (event) => {
      reject(new Error(event instanceof ErrorEvent ? event.message : "the script did not load"));
    });
  });
  const asked = target ?? (worker as Target); // a dedicated worker is its own target
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<void>((resolve) => {
    port1.onmessage = () => {
      resolve();
    };
  });
  asked.postMessage("", [port2]);
  await Promise.race([answered, failed]);
  port1.close();
  return asked;
}
