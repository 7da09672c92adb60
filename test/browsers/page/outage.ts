import type { Package } from "./probe.ts";

/** One `new WebSocket`, as the page saw it. Times are in milliseconds since the epoch. */
export interface Dial {
  readonly url: string;
  readonly at: number;
  /** When it was open, or had failed; absent while it is neither. */
  ended?: number;
  opened?: boolean;
}

/** Ways to get back to a server that is away. */
export type Strategy = "a loop of 1 s" | "the client" | "the client, asking by HTTP first";

/** What the driver asks of the page. */
export interface Outage {
  readonly dials: readonly Dial[];
  begin(strategy: Strategy, url: string): void;
}

export function start({ createClient }: Package): void {
  const outage: Outage = { dials: observeDials(), begin };
  Object.assign(globalThis, { outage });

  function begin(strategy: Strategy, url: string): void {
    switch (strategy) {
      case "a loop of 1 s":
        loop(url);
        return;
      case "the client":
        void createClient({ url }).connect();
        return;
      case "the client, asking by HTTP first":
        void createClient({
          url: async ({ cause, signal }) => {
            if (cause) await fetch(url.replace(/^ws/, "http"), { mode: "no-cors", signal });
            return url;
          },
        }).connect();
        return;
      default:
        strategy satisfies never;
    }
  }
}

/** What everybody writes first. */
function loop(url: string): void {
  const socket = new WebSocket(url);
  socket.onclose = () => setTimeout(loop, 1_000, url);
}

function observeDials(): readonly Dial[] {
  const dials: Dial[] = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      const dial: Dial = { url: String(url), at: Date.now() };
      dials.push(dial);
      for (const type of ["open", "close"]) {
        this.addEventListener(type, () => {
          dial.ended ??= Date.now();
          dial.opened ??= type === "open";
        });
      }
    }
  };
  return dials;
}
