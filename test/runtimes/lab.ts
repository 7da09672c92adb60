import { FaultProxy } from "../support/fault-proxy.ts";
import { FaultServer } from "../support/fault-server.ts";
import type { LabAct, LabView } from "./commands.ts";
import { RpcPeer } from "./rpc-peer.ts";

/** A server that speaks JSON-RPC, a proxy before it, and all that can be done to both. */
export class Lab {
  readonly #server: FaultServer;
  readonly #proxy: FaultProxy;
  readonly #peer: RpcPeer;

  private constructor(server: FaultServer, proxy: FaultProxy, peer: RpcPeer) {
    this.#server = server;
    this.#proxy = proxy;
    this.#peer = peer;
  }

  static async open(): Promise<Lab> {
    const peer = new RpcPeer();
    const server = await FaultServer.start({
      onConnection: (socket) => {
        peer.serve(socket);
      },
    });
    return new Lab(server, await FaultProxy.start(server.port), peer);
  }

  get url(): string {
    return this.#server.url;
  }

  get proxyUrl(): string {
    return this.#proxy.url;
  }

  look(): LabView {
    const { frames, ends, pings } = this.#peer;
    const requests = this.#server.requests.map(({ url = "", headers }) => ({ url, headers }));
    return { counters: this.#server.counters, connections: this.#server.connections, frames, ends, pings, requests };
  }

  async act(act: LabAct): Promise<void> {
    switch (act.name) {
      case "stop":
      case "restart":
        return this.#server[act.name]();
      case "kill":
        this.#server.kill();
        return;
      case "blackhole":
      case "heal":
        this.#proxy[act.name]();
        return;
      case "mode":
        this.#server.mode = act.mode;
        return;
      case "close":
        this.#server.closeAll(act.code, act.reason);
        return;
      case "publish":
        this.#peer.publish(act.topic, act.data);
        return;
      default:
        act satisfies never;
    }
  }

  async close(): Promise<void> {
    await this.#proxy.stop();
    await this.#server.stop();
  }
}
