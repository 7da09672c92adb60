import { FaultProxy } from "../support/fault-proxy.ts";
import { FaultServer } from "../support/fault-server.ts";
import type { Command, Seen, WorldAddress } from "./page/protocol.ts";
import { Peer } from "./peer.ts";

/** A server and the network before it, for one case alone. */
export class World implements AsyncDisposable {
  readonly server: FaultServer;
  readonly proxy: FaultProxy;
  readonly peer: Peer;

  private constructor(server: FaultServer, proxy: FaultProxy, peer: Peer) {
    this.server = server;
    this.proxy = proxy;
    this.peer = peer;
  }

  static async start(): Promise<World> {
    const peer = new Peer();
    const server = await FaultServer.start({ onConnection: peer.accept });
    return new World(server, await FaultProxy.start(server.port), peer);
  }

  /** Where clients dial. */
  get url(): string {
    return this.proxy.url;
  }

  address(id: number): WorldAddress {
    return { id, url: this.proxy.url, directUrl: this.server.url };
  }

  async do(command: Command): Promise<void> {
    const { server, proxy } = this;
    switch (command.do) {
      case "kill":
      case "stop":
      case "restart":
        await server[command.do]();
        return;
      case "rst":
      case "fin":
      case "blackhole":
      case "heal":
        proxy[command.do]();
        return;
      case "answer":
        server.mode = command.mode;
        return;
      case "close":
        server.closeAll(command.code, command.reason);
        return;
      case "say":
        server.broadcast(command.text);
        return;
      default:
        command satisfies never;
    }
  }

  get seen(): Seen {
    const { counters, connections } = this.server;
    const { messages, calls, closes, openedAt } = this.peer;
    const { dials, opened, live, maxLive } = counters;
    return { dials, opened, live, maxLive, connections, openedAt, messages, calls, closes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.heal();
    await this.proxy.stop();
    await this.server.stop();
  }
}
