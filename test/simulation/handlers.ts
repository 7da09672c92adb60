import { RemoteError, type CallContext, type Client } from "../../src/index.ts";
import type { Random } from "../../src/core/random.ts";
import { integer } from "../../src/testing/seeded-random.ts";
import { type Api, Mischief } from "./frames.ts";
import { ITEMS, LATER } from "./inquiries.ts";
import type { Page } from "./page.ts";

interface Params {
  readonly number?: number;
}

type Answer = (params: Params, context: CallContext) => unknown;

/** What a client answers when the server calls it: values, promises, errors, streams, and nothing at all. */
export class Handlers {
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #offs = new Map<string, () => void>();
  /** Answers that are being worked on. */
  running = 0;

  constructor(page: Page, random: Random, provoked: () => void) {
    const busy = async <Value>(work: Promise<Value>): Promise<Value> => {
      this.running++;
      try {
        return await work;
      } finally {
        this.running--;
      }
    };
    this.#answers = {
      sync: ({ number }) => {
        provoked();
        return number;
      },
      later: ({ number }) => busy(page.sleep(integer(random, 0, LATER)).then(() => number)),
      boom: () => {
        throw new Mischief("boom");
      },
      remote: ({ number }) => {
        throw new RemoteError("no", number);
      },
      items: async function* () {
        for (let item = 1; item <= ITEMS; item++) {
          yield item;
          await page.sleep(100);
        }
      },
      hang: (_params, { signal }) =>
        busy(
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              reject(new Mischief("hang"));
            });
          }),
        ),
    };
  }

  install(client: Client<Api>): void {
    for (const method of Object.keys(this.#answers)) this.add(client, method);
  }

  add(client: Client<Api>, method: string): void {
    const answer = this.#answers[method];
    if (!answer || this.#offs.has(method)) return;
    // The cast: what the server calls with is made in inquiries.ts.
    this.#offs.set(
      method,
      client.handle(method, (params, context) => answer(params as Params, context)),
    );
  }

  remove(method: string): void {
    this.#offs.get(method)?.();
    this.#offs.delete(method);
  }
}
