import { expect, onTestFinished, vi } from "vitest";
import { type Client, createClient } from "../../src/client/client.ts";
import type { ClientOptions } from "../../src/client/options.ts";
import type { ClientEvents } from "../../src/client/types.ts";
import type { InboundPayload } from "../../src/core/payload.ts";
import { ManualNetwork } from "../../src/testing/manual-network.ts";
import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import type { MemoryServerOptions } from "../../src/testing/memory-server-options.ts";
import { MemoryServer } from "../../src/testing/memory-server.ts";
import { PageClock } from "../../src/testing/page-clock.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

const EVENTS = ["state", "message", "error", "dropped", "unconfirmed", "gap", "rtt", "debug"] as const;
const CONSOLE = ["log", "info", "warn", "error", "debug", "trace"] as const;

type Events = ClientEvents<unknown>;

/** One event of the client, as a listener got it. */
export interface Heard<Name extends keyof Events = keyof Events> {
  readonly name: Name;
  readonly event: Events[Name];
}

/** A client, the server that it dials, and everything between them, in virtual time. */
export interface World<Api> {
  /** The server's time. Move this one. */
  readonly clock: VirtualClock;
  /** The client's time: it can be frozen, throttled, and set. */
  readonly page: PageClock;
  readonly network: ManualNetwork;
  readonly server: MemoryServer;
  readonly client: Client<Api>;
  /** What the client's listeners were told, in order. */
  readonly heard: readonly Heard[];
  /** What the listeners of one event were told. */
  readonly all: <Name extends keyof Events>(name: Name) => readonly Events[Name][];
  /** The codes of the errors that were reported. */
  readonly codes: () => readonly string[];
  /** Connects, and goes on until the link is open. */
  readonly open: () => Promise<void>;
  /** Closes, and goes on until it is closed. */
  readonly close: () => Promise<void>;
  /** Lets everything happen that is due, and `ms` more. */
  readonly go: (ms?: number) => Promise<void>;
}

/** What every test of a client begins with. When the test is over, the client is closed and nothing may be left of it. */
export function clientWorld<Api = unknown>(
  options: Partial<ClientOptions> = {},
  serverOptions: Partial<MemoryServerOptions> = {},
): World<Api> {
  const clock = new VirtualClock();
  const page = new PageClock(clock);
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock, ...serverOptions });
  const transport = server.transportOn(page);
  const consoles = CONSOLE.map((method) => vi.spyOn(console, method));
  const client = createClient<Api>({
    url: "ws://server/feed",
    clock: page,
    network,
    transport,
    random: seededRandom(1),
    ...options,
  });
  const heard = listen(client);
  const world: World<Api> = {
    clock,
    page,
    network,
    server,
    client,
    heard,
    // The cast: the name belongs to the event.
    all: <Name extends keyof Events>(name: Name) =>
      heard.filter((one) => one.name === name).map((one) => one.event as Events[Name]),
    codes: () => world.all("error").map(({ code }) => code),
    open: async () => {
      void client.connect();
      await clock.advanceUntil(() => client.state.name === "open", 60_000);
    },
    close: async () => {
      await clock.advanceFor(client.close(), 2_000);
    },
    go: async (ms = 0) => {
      await clock.advanceAsync(ms);
    },
  };
  onTestFinished(async () => {
    await leaveNothing(world);
    for (const spy of consoles) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
  return world;
}

function listen(client: Client): Heard[] {
  const heard: Heard[] = [];
  for (const name of EVENTS) {
    client.on(name, (event) => {
      heard.push({ name, event });
    });
  }
  return heard;
}

async function leaveNothing({ clock, page, network, server, client }: World<unknown>): Promise<void> {
  page.thaw();
  page.throttle(0);
  const closed = client.close();
  await clock.advanceAsync(2_000);
  await closed;
  expect(page.pending, "timers of a closed client").toBe(0);
  expect(network.watchers, "listeners of a closed client").toBe(0);
  expect(server.live, "sockets of a closed client").toBe(0);
  expect(client.queue.size, "messages queued in a closed client").toBe(0);
}

/** A frame of JSON-RPC 2.0, as far as tests look at it. */
export interface Frame {
  readonly jsonrpc?: string;
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A text frame, parsed. */
export function parse(data: InboundPayload): Frame {
  if (typeof data !== "string") throw new Error("a binary frame came in");
  return JSON.parse(data) as Frame; // a test that looks at other frames than these fails on them
}

/** What a server got on a connection, parsed. */
export function framesOf(connection: MemoryConnection): readonly Frame[] {
  return connection.texts.map(parse);
}

/** The frames of one method. */
export function callsOf(connection: MemoryConnection, method: string): readonly Frame[] {
  return framesOf(connection).filter((frame) => frame.method === method);
}

/** Sends a value as JSON. */
export function say(connection: MemoryConnection, value: unknown): void {
  connection.send(JSON.stringify(value));
}

/** Answers each call that comes in with what `answer` says; `undefined` leaves it without one. */
export function answerCalls(
  server: MemoryServer,
  answer: (frame: Frame, connection: MemoryConnection) => unknown,
): void {
  server.onConnection = (connection) => {
    connection.onMessage = (data) => {
      const frame = parse(data);
      const result = answer(frame, connection);
      if (frame.id !== undefined && result !== undefined) say(connection, { jsonrpc: "2.0", id: frame.id, result });
    };
  };
}
