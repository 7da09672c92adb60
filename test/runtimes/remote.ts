import type { Transport } from "holdfast";
import { systemClock } from "../../src/core/clock.ts";
import type { ContractDial, ContractPeer, PeerAnswer, TransportFeatures, TransportHarness } from "holdfast/testing";
import {
  type Commands,
  type DialView,
  fromWire,
  type LabAct,
  type LabView,
  stampOf,
  toWire,
  type WirePayload,
} from "./commands.ts";

/** How long to wait for what must happen, in ms. */
const PATIENCE = 5_000;

/** Sends one command to the control server at `base`. */
export async function command<Name extends keyof Commands>(
  base: string,
  name: Name,
  input: Commands[Name][0],
): Promise<Commands[Name][1]> {
  const response = await fetch(`${base}/${name}`, { method: "POST", body: JSON.stringify(input) });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  return (await response.json()) as Commands[Name][1]; // the server is compiled against the same `Commands`
}

/** The contract's peer in another process. */
export class RemoteHarness implements TransportHarness {
  readonly transport: Transport;
  readonly features: TransportFeatures;
  readonly #base: string;
  #dials: RemoteDial[] = [];

  constructor(base: string, transport: Transport, features: TransportFeatures) {
    this.#base = base;
    this.transport = transport;
    this.features = features;
  }

  async arrange(answer: PeerAnswer): Promise<ContractDial> {
    const { id, url } = await command(this.#base, "dial/arrange", answer);
    const dial = new RemoteDial(this.#base, id, url);
    this.#dials.push(dial);
    return dial;
  }

  /** Ends what was arranged. Rejects if the control server failed meanwhile. */
  async stop(): Promise<void> {
    const dials = this.#dials;
    this.#dials = [];
    for (const dial of dials) await dial.stop();
    await command(this.#base, "dial/stop", null);
  }
}

/** Keeps a copy of what the control server knows of one dial. */
class RemoteDial implements ContractDial {
  readonly url: string;
  readonly #base: string;
  readonly #id: string;
  readonly #received: (string | Uint8Array)[] = [];
  #view: DialView = { headers: undefined, received: [], end: undefined, gone: false };
  #stopped = false;
  /** One command after the other, so that they arrive in order. */
  #commands: Promise<unknown> = Promise.resolve();
  /** The frames of a command that has not left yet. A command for each would make a busy machine seem a slow transport. */
  #batch: WirePayload[] | undefined;
  readonly #watching: Promise<void>;

  constructor(base: string, id: string, url: string) {
    this.#base = base;
    this.#id = id;
    this.url = url;
    this.#watching = this.#watch();
    this.#watching.catch(() => undefined); // `stop` tells
  }

  peer(): ContractPeer | undefined {
    const { headers } = this.#view;
    if (!headers) return undefined;
    const view = (): DialView => this.#view;
    const then = <Name extends "dial/send" | "dial/close" | "dial/destroy" | "dial/freeze">(
      name: Name,
      input: Omit<Commands[Name][0], "id">,
    ): Promise<unknown> => {
      const id = { id: this.#id } as Commands[Name][0]; // the rest of it is `input`
      this.#batch = undefined;
      this.#commands = this.#commands.then(() => {
        this.#batch = undefined;
        return command(this.#base, name, { ...input, ...id });
      });
      return this.#commands;
    };
    const send = (data: string | Uint8Array): void => {
      if (this.#batch) {
        this.#batch.push(toWire(data));
        return;
      }
      const frames = [toWire(data)];
      void then("dial/send", { frames });
      this.#batch = frames;
    };
    return {
      headers,
      get end() {
        return view().end;
      },
      received: this.#received,
      send,
      close: (code, reason) => void then("dial/close", { code, reason }),
      destroy: () => void then("dial/destroy", {}),
      freeze: async () => {
        await then("dial/freeze", {});
      },
    };
  }

  gone(): boolean {
    return this.#view.gone;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#commands;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const from = this.#received.length;
      const known = stampOf(this.#view, from);
      const view = await command(this.#base, "dial/watch", { id: this.#id, from, known });
      this.#received.push(...view.received.map(fromWire));
      this.#view = view;
    }
  }
}

/** A server, a proxy before it, and what can be done to them, in another process. */
export class RemoteLab {
  readonly url: string;
  readonly proxyUrl: string;
  readonly #base: string;
  readonly #id: string;

  private constructor(base: string, { id, url, proxyUrl }: Commands["lab/open"][1]) {
    this.#base = base;
    this.#id = id;
    this.url = url;
    this.proxyUrl = proxyUrl;
  }

  static async open(base: string): Promise<RemoteLab> {
    return new RemoteLab(base, await command(base, "lab/open", null));
  }

  async act(act: LabAct): Promise<void> {
    await command(this.#base, "lab/act", { id: this.#id, act });
  }

  look(): Promise<LabView> {
    return command(this.#base, "lab/look", { id: this.#id });
  }

  /** Looks until `condition` holds, and answers what it saw. */
  async sees(what: string, condition: (view: LabView) => boolean): Promise<LabView> {
    const giveUp = systemClock.now() + PATIENCE;
    for (;;) {
      const view = await this.look();
      if (condition(view)) return view;
      if (systemClock.now() > giveUp) throw new Error(`Waited in vain: ${what}; saw ${JSON.stringify(view)}`);
      await new Promise<void>((resolve) => systemClock.after(10, resolve));
    }
  }

  async close(): Promise<void> {
    await command(this.#base, "lab/close", { id: this.#id });
  }
}
