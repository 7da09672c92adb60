import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import type { MemoryServerOptions } from "../../../src/testing/memory-server-options.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import type { ProtocolsProvider, UrlProvider, WebSocketOptions } from "../../../src/websocket/options.ts";
import { ReconnectingWebSocket } from "../../../src/websocket/websocket.ts";

export interface Dialled {
  readonly socket: ReconnectingWebSocket;
  /** What its listeners were told, each with the `readyState` at that time. */
  readonly log: string[];
}

export interface Setup {
  readonly clock: VirtualClock;
  readonly network: ManualNetwork;
  readonly server: MemoryServer;
  readonly dial: (url?: UrlProvider, protocols?: ProtocolsProvider) => Dialled;
  /** A socket that is open, at the same instant, with an empty log. */
  readonly open: () => Dialled;
}

export const URL = "ws://test/feed";

export function setup(options: WebSocketOptions = {}, serverOptions: Partial<MemoryServerOptions> = {}): Setup {
  const clock = new VirtualClock();
  const network = new ManualNetwork();
  const server = new MemoryServer({ clock, ...serverOptions });
  const dial = (url: UrlProvider = URL, protocols?: ProtocolsProvider): Dialled => {
    const given = { clock, network, random: () => 0.5, transport: server.transport, ...options };
    const socket = new ReconnectingWebSocket(url, protocols, given);
    return { socket, log: record(socket) };
  };
  const open = (): Dialled => {
    const dialled = dial();
    clock.advance(0);
    dialled.log.length = 0;
    return dialled;
  };
  return { clock, network, server, dial, open };
}

/** One line for each event: its type, its readyState, its fields. */
export function record(socket: ReconnectingWebSocket): string[] {
  const log: string[] = [];
  const note = (type: string, ...fields: unknown[]): void => {
    log.push([`${type}@${socket.readyState}`, ...fields.map(String)].join(" ").trimEnd());
  };
  socket.addEventListener("open", () => {
    note("open");
  });
  socket.addEventListener("message", ({ data }) => {
    note("message", data);
  });
  socket.addEventListener("error", ({ error }) => {
    note("error", error?.code ?? "");
  });
  socket.addEventListener("close", ({ code, reason, wasClean }) => {
    note("close", code, wasClean ? "clean" : "unclean", reason);
  });
  socket.addEventListener("reconnecting", ({ attempt, cause }) => {
    note("reconnecting", attempt, cause?.code ?? "");
  });
  socket.addEventListener("reconnected", () => {
    note("reconnected");
  });
  socket.addEventListener("dropped", ({ data, reason }) => {
    note("dropped", data, reason);
  });
  socket.addEventListener("unconfirmed", ({ count }) => {
    note("unconfirmed", count);
  });
  return log;
}
