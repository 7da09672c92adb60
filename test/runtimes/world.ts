import type { Client, ClientOptions, Transport } from "holdfast";
import type { TransportFeatures } from "holdfast/testing";
import { RemoteLab } from "./remote.ts";
import { Subject } from "./subject.ts";

/** One way to dial, and what it can do on the runtime on which it is tested. */
export interface Way {
  /** How the table calls it. */
  readonly name: string;
  /** What the contract is run on. */
  readonly contract: Transport;
  /** What the end-to-end suite dials with; absent: what the package takes by itself. */
  readonly transport?: Transport;
  readonly features: TransportFeatures;
}

/** What a case works with; all of it ends with the case. */
export class World {
  readonly lab: RemoteLab;
  readonly features: TransportFeatures;
  readonly #transport: Transport | undefined;
  readonly #clients: Client[] = [];

  private constructor(lab: RemoteLab, { features, transport }: Way) {
    this.lab = lab;
    this.features = features;
    this.#transport = transport;
  }

  static async open(control: string, way: Way): Promise<World> {
    return new World(await RemoteLab.open(control), way);
  }

  /** A client that nobody has connected yet. It dials the server itself, and not the proxy, if nothing else is said. */
  subject(options: Partial<ClientOptions> = {}): Subject {
    const transport = this.#transport && { transport: this.#transport };
    const subject = new Subject({ url: this.lab.url, ...transport, ...options });
    this.#clients.push(subject.client);
    return subject;
  }

  /** A client that is open. */
  async open(options: Partial<ClientOptions> = {}): Promise<Subject> {
    const subject = this.subject(options);
    await subject.opens();
    return subject;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    await this.lab.close();
  }
}

/** A case of the end-to-end suite; it rejects if something is wrong. */
export type EndToEndCase = (world: World) => Promise<void>;
