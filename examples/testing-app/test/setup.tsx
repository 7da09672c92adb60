import { act, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { Client } from "holdfast";
import { ManualNetwork, type MemoryConnection, MemoryServer, seededRandom, VirtualClock } from "holdfast/testing";
import { expect, onTestFinished, vi } from "vitest";
import { type Api, createFeed, type Price } from "../src/feed.ts";
import { PriceBoard } from "../src/price-board.tsx";

// React asks for it wherever `act` is used.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** The board on a page, with a network and a feed that do what the test says. */
export interface Board {
  readonly clock: VirtualClock;
  readonly network: ManualNetwork;
  readonly server: MemoryServer;
  readonly client: Client<Api>;
  /** Connects, and waits for the feed. */
  readonly connect: () => Promise<void>;
  readonly status: () => string | undefined;
  readonly prices: () => readonly (string | undefined)[];
  /** What became of the order. */
  readonly fate: () => string | undefined;
  readonly buy: () => void;
  /** Time goes on by `ms`, and React renders what that changes. */
  readonly pass: (ms: number) => Promise<void>;
  /** Time goes on until the condition holds. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** The feed tells a price. */
  readonly publish: (price: Price) => void;
  /** What the feed was asked to buy, on all connections. */
  readonly orders: () => readonly string[];
}

export function setup(): Board {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  // As in a browser: nobody there can send the pings of the WebSocket protocol.
  const server = new MemoryServer({ clock, latency: 20, pings: "absent" });
  server.onConnection = answerRequests;
  const client = createFeed({
    url: "ws://feed.test",
    clock,
    network,
    random: seededRandom(1),
    transport: server.transport,
  });
  const page = render(client);
  const warned = vi.spyOn(console, "error"); // React's way to say that something happened outside of `act`

  onTestFinished(async () => {
    page.unmount();
    await clock.advanceFor(client.close());
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
    expect([clock.pending, network.watchers, server.live], "nothing is left behind").toEqual([0, 0, 0]);
  });

  return {
    clock,
    network,
    server,
    client,
    connect: () => act(() => clock.advanceFor(client.connect())),
    status: () => page.texts("[role=status]")[0],
    prices: () => page.texts("li b"),
    fate: () => page.texts("output")[0],
    buy: () => {
      page.click("button");
    },
    pass: (ms) => act(() => clock.advanceAsync(ms)),
    until: (condition) => act(() => clock.advanceUntil(condition, 60_000)),
    publish: (data) => {
      for (const connection of server.connections)
        tell(connection, { method: "event", params: { topic: "prices", data } });
    },
    orders: () => server.all.flatMap(({ texts }) => texts.filter((text) => text.includes('"buy"'))),
  };
}

/** The feed as far as the board needs it: it says yes to every request (`subscribe`, `ping`). */
function answerRequests(connection: MemoryConnection): void {
  connection.onMessage = (data) => {
    const { id } = JSON.parse(data as string) as { id?: number }; // the client sends text alone
    if (id !== undefined) tell(connection, { id, result: null });
  };
}

function tell(connection: MemoryConnection, frame: object): void {
  connection.send(JSON.stringify({ jsonrpc: "2.0", ...frame }));
}

function render(client: Client<Api>) {
  const main = document.body.appendChild(document.createElement("main"));
  const root = createRoot(main);
  act(() => {
    root.render(
      <StrictMode>
        <PriceBoard client={client} />
      </StrictMode>,
    );
  });
  return {
    texts: (selector: string) => [...main.querySelectorAll(selector)].map(({ textContent }) => textContent),
    click: (selector: string) => {
      act(() => {
        main.querySelector<HTMLElement>(selector)?.click();
      });
    },
    unmount: () => {
      act(() => {
        root.unmount();
      });
      main.remove();
    },
  };
}
