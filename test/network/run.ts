import type { ChildProcess } from "node:child_process";
import { eventually } from "../servers/service.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { ClientEvent, ClientPlan, Command, Receipt } from "./messages.ts";
import { ADDRESS, failure, type Namespaces } from "./namespaces.ts";

const PORT = 9500;
/** How long recovery may take at the most, in ms: the default waits are long. */
const PATIENCE = 60_000;

/** A server and a client that talk, each in its namespace, and what both have said. */
export class Run {
  readonly spaces: Namespaces;
  readonly events: ClientEvent[] = [];
  readonly ledger: Receipt[] = [];
  readonly server: ChildProcess;
  readonly #client: ChildProcess;

  private constructor(spaces: Namespaces, plan: Omit<ClientPlan, "url">, server: ChildProcess) {
    this.spaces = spaces;
    this.server = server;
    server.on("message", (receipt: Receipt) => this.ledger.push(receipt));
    const url = `ws://${ADDRESS.server}:${String(PORT)}/`;
    this.#client = spaces.run(
      "client",
      import.meta.resolve("./client-main.ts"),
      JSON.stringify({ url, ...plan } satisfies ClientPlan),
    );
    this.#client.on("message", (event: ClientEvent) => this.events.push(event));
  }

  /** Both run, and messages travel. */
  static async start(spaces: Namespaces, plan: Omit<ClientPlan, "url">): Promise<Run> {
    const server = spaces.run("server", import.meta.resolve("./server-main.ts"), String(PORT));
    await Promise.race([new Promise((resolve) => server.once("message", resolve)), failure(server, "The server")]);
    const run = new Run(spaces, plan, server);
    await eventually("messages to be confirmed", () => run.confirmed.size >= 5, PATIENCE);
    return run;
  }

  get port(): number {
    return PORT;
  }

  /** The numbers that the server has confirmed. */
  get confirmed(): ReadonlySet<number> {
    return new Set(this.events.flatMap((event) => (event.what === "confirmed" ? [event.n] : [])));
  }

  /** When the state was first `name` after `from`, or first another. */
  stateAt(from: number, name: "open" | "not open"): Extract<ClientEvent, { what: "state" }> | undefined {
    for (const event of this.events) {
      if (event.what === "state" && event.at >= from && (event.name === "open") === (name === "open")) return event;
    }
    return undefined;
  }

  /** Resolves when a message that was sent after `from` has been confirmed: then the link is as good as before. */
  async works(from: number): Promise<number> {
    let at: number | undefined;
    await eventually(
      "messages to be confirmed again",
      () => {
        const first = this.events.find((event) => event.what === "sent" && event.at >= from);
        if (first?.what !== "sent") return false;
        at = this.events.find((event) => event.what === "confirmed" && event.n >= first.n)?.at;
        return at !== undefined;
      },
      PATIENCE,
    );
    return at ?? systemClock.now();
  }

  /**
   * Stops sending, and waits until every request has ended and nothing comes any more: what the network still holds has
   * arrived, or never will.
   */
  async settle(): Promise<void> {
    this.#command(this.#client, "stop");
    let seen = -1;
    let since = systemClock.now();
    await eventually(
      "the ledger to be complete",
      () => {
        if (this.ledger.length !== seen || this.#pending > 0) since = systemClock.now();
        seen = this.ledger.length;
        return systemClock.now() - since > 2_000;
      },
      PATIENCE,
    );
  }

  /** One side sends the other one long message. */
  parcel(from: "client" | "server", bytes: number): void {
    this.#command(from === "client" ? this.#client : this.server, { parcel: bytes });
  }

  get #pending(): number {
    return this.events.reduce((sum, { what }) => sum + (what === "asked" ? 1 : what === "answered" ? -1 : 0), 0);
  }

  #command(to: ChildProcess, command: Command): void {
    to.send(command);
  }
}
