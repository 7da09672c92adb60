import type { Client, ClientOptions, ConnectionState } from "holdfast";
import type { Package } from "./probe.ts";

/** Something that happened in the page: an event of the platform, or of the client. */
export interface Happening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The event's type, `state`, `message`, `ping` or `unconfirmed`. */
  readonly what: string;
  readonly detail: string;
}

/** A page that lives through something, and what its driver asks it. */
export interface Live {
  readonly log: Happening[];
  /** Of every link that was lost. */
  readonly closeCodes: (number | undefined)[];
  /** Absent until `connect`. */
  client: Client | undefined;
  connect(url: string, options: Omit<ClientOptions, "url">): void;
  /** Counts the ticks of a timer of 100 ms. */
  ticks: number;
}

const EVENTS = ["online", "offline", "pagehide", "pageshow", "freeze", "resume", "visibilitychange"];

export function start({ createClient }: Package): void {
  const live: Live = { log: [], closeCodes: [], client: undefined, connect, ticks: 0 };
  const note = (what: string, detail: unknown = ""): void => {
    live.log.push({ at: Date.now(), what, detail: String(detail) });
  };
  for (const type of EVENTS) {
    globalThis.addEventListener(
      type,
      (event) => {
        note(type, event instanceof PageTransitionEvent ? event.persisted : document.visibilityState);
      },
      true,
    );
  }
  setInterval(() => live.ticks++, 100);
  Object.assign(globalThis, { live });

  function connect(url: string, options: Omit<ClientOptions, "url">): void {
    const client = createClient({ url, ...options });
    live.client = client;
    client.on("state", (state) => {
      note("state", describe(state));
      if ("cause" in state && state.cause.code === "CONNECTION_LOST") live.closeCodes.push(state.cause.closeCode);
    });
    client.on("message", (message) => {
      note("message", message);
    });
    client.on("unconfirmed", ({ count }) => {
      note("unconfirmed", count);
    });
    client.on("rtt", (rtt) => {
      note("ping", rtt);
    });
    void client.connect();
  }
}

function describe(state: ConnectionState): string {
  const cause = "cause" in state ? ` ${state.cause.code}` : "";
  return `${state.name === "connecting" ? state.phase : state.name}${cause}`;
}
