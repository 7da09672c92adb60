import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { systemClock } from "../../src/core/clock.ts";
import { webSocketTransport } from "../../src/transport/websocket.ts";
import type { ContractDial, ContractPeer } from "holdfast/testing";
import { NodeHarness } from "../support/node-harness.ts";
import { type Commands, type DialView, fromWire, stampOf, toWire } from "./commands.ts";
import { Lab } from "./lab.ts";

/** How long a watch is held while nothing happens, in ms. */
const HOLD = 200;
const NO_FEATURES = {
  headers: false,
  httpStatus: false,
  ping: false,
  terminate: false,
  cancelDial: false,
  checksUrl: false,
};

type Handlers = { readonly [Name in keyof Commands]: (input: Commands[Name][0]) => Promise<Commands[Name][1]> };

/** The servers that a suite in another process connects to, and the HTTP server by which it tells them what to do. */
export class ControlServer implements AsyncDisposable {
  readonly #http: Server;
  /** Its transport is never used: only the peers are wanted. */
  readonly #harness = new NodeHarness(webSocketTransport(), NO_FEATURES);
  readonly #dials = new Map<string, ContractDial>();
  readonly #labs = new Map<string, Lab>();
  #count = 0;

  private constructor() {
    this.#http = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(): Promise<ControlServer> {
    const control = new ControlServer();
    await new Promise<void>((resolve) => control.#http.listen(0, "127.0.0.1", resolve));
    return control;
  }

  /** Where the commands go: `POST <url>/<command>`. */
  get url(): string {
    return `http://127.0.0.1:${String((this.#http.address() as AddressInfo).port)}`; // a TCP server has no other kind of address
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#harness.stop();
    for (const lab of this.#labs.values()) await lab.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = request.url?.slice(1) ?? "";
    try {
      if (!(name in this.#handlers)) throw new Error(`No such command: ${name}`);
      // The two casts: the name was looked up, and the suite is compiled against the same `Commands`.
      const handler = this.#handlers[name as keyof Commands] as (input: unknown) => Promise<unknown>;
      const output = await handler(JSON.parse(await text(request)) as unknown);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(output));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  readonly #handlers: Handlers = {
    "dial/arrange": async (answer) => {
      const dial = await this.#harness.arrange(answer);
      return { id: this.#keep(this.#dials, dial), url: dial.url };
    },
    "dial/watch": async ({ id, from, known }) => {
      const dial = find(this.#dials, id);
      const giveUp = systemClock.now() + HOLD;
      let view = viewOf(dial, from);
      while (stampOf(view, from + view.received.length) === known && systemClock.now() < giveUp) {
        await new Promise<void>((resolve) => systemClock.after(2, resolve));
        view = viewOf(dial, from);
      }
      return view;
    },
    "dial/send": async ({ id, frames }) =>
      this.#toPeer(id, (peer) => {
        for (const frame of frames) peer.send(fromWire(frame));
      }),
    "dial/close": async ({ id, code, reason }) =>
      this.#toPeer(id, (peer) => {
        peer.close(code, reason);
      }),
    "dial/destroy": async ({ id }) =>
      this.#toPeer(id, (peer) => {
        peer.destroy();
      }),
    "dial/freeze": async ({ id }) => this.#toPeer(id, (peer) => peer.freeze()),
    "dial/stop": async () => {
      await this.#harness.stop();
      this.#dials.clear();
      return null;
    },
    "lab/open": async () => {
      const lab = await Lab.open();
      return { id: this.#keep(this.#labs, lab), url: lab.url, proxyUrl: lab.proxyUrl };
    },
    "lab/look": ({ id }) => Promise.resolve(find(this.#labs, id).look()),
    "lab/act": async ({ id, act }) => {
      await find(this.#labs, id).act(act);
      return null;
    },
    "lab/close": async ({ id }) => {
      await find(this.#labs, id).close();
      this.#labs.delete(id);
      return null;
    },
  };

  #keep<Value>(map: Map<string, Value>, value: Value): string {
    const id = String(++this.#count);
    map.set(id, value);
    return id;
  }

  async #toPeer(id: string, act: (peer: ContractPeer) => unknown): Promise<null> {
    const peer = find(this.#dials, id).peer();
    if (peer) await act(peer);
    return null;
  }
}

function find<Value>(map: ReadonlyMap<string, Value>, id: string): Value {
  const value = map.get(id);
  if (value === undefined) throw new Error(`Nothing has the id ${id}`);
  return value;
}

function viewOf(dial: ContractDial, from: number): DialView {
  const peer = dial.peer();
  return {
    headers: peer?.headers,
    received: peer?.received.slice(from).map(toWire) ?? [],
    end: peer?.end,
    gone: dial.gone(),
  };
}
