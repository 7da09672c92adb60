import type { Client, ClientOptions, Transport } from "holdfast";
import { type WsOptions, wsTransport } from "holdfast/node";
import type { PrivateAuthority } from "../support/certificates.ts";
import { Subject } from "../runtimes/subject.ts";
import type { Service } from "./service.ts";

/** A server that runs, as the cases see it. */
export interface Target {
  /** Where it is reached, without a path. */
  readonly url: string;
  /** Where it is reached over TLS, for those that do TLS themselves. */
  readonly tlsUrl?: string;
  /** Where it has a certificate that it signed itself. */
  readonly selfSignedUrl?: string;
  /** Where it has a certificate for another name. */
  readonly misnamedUrl?: string;
  /** The proxy on the way there, with the name and the password that it wants. */
  readonly proxyUrl?: string;
  /** What a client needs to get there. */
  readonly via?: WsOptions;
  /** What is stopped and started again: the server, or the proxy. */
  readonly service: Service;
  /** What is frozen: the server, or the one behind the proxy. */
  readonly inner: Service;
}

/** What a server can be started with: a folder of its own and an authority for certificates. */
export interface Bench {
  readonly folder: string;
  readonly authority: PrivateAuthority;
  /** Writes a file into the folder, and answers its path. */
  readonly write: (name: string, text: string) => Promise<string>;
  /** The path of an executable that npm has installed. */
  readonly tool: (path: string) => string;
}

/** A case; it rejects if something is wrong. */
export type ServerCase = (world: World) => Promise<void>;

export interface ServerPlan {
  /** How the table calls it. */
  readonly name: string;
  /** The Debian packages that it needs. The first has its version, unless npm has it. */
  readonly debian: readonly string[];
  /** The npm package that it is. */
  readonly npm?: string;
  readonly start: (bench: Bench) => Promise<Target & AsyncDisposable>;
  /** The cases, by what they say. */
  readonly cases: Readonly<Record<string, ServerCase>>;
  /** Those that take long. */
  readonly slow?: Readonly<Record<string, ServerCase>>;
  /** What a reader of the table should know. */
  readonly remark?: string;
}

/** A client that has time: the machine may be busy, and some servers are slow. */
const UNHURRIED = {
  connectTimeout: 5_000,
  stableAfter: 1_000,
  backoff: { min: 50, base: 100, max: 300 },
  heartbeat: {},
  dialect: "raw",
} as const satisfies Partial<ClientOptions>;

/** What a case works with; the clients end with the case. */
export class World {
  readonly target: Target;
  readonly ca: string;
  /** What the case has found out, for the table. */
  readonly note: (column: string, found: string) => void;
  readonly #clients: Client[] = [];

  constructor(target: Target, ca: string, note: (column: string, found: string) => void) {
    this.target = target;
    this.ca = ca;
    this.note = note;
  }

  /** A way to dial that gets there, with options more. */
  transport(options: WsOptions): Transport {
    return wsTransport({ ...this.target.via, ...options });
  }

  /** A client that nobody has connected yet. */
  subject(path: string, options: Partial<ClientOptions> = {}): Subject {
    const way = this.target.via && { transport: this.transport({}) };
    const subject = new Subject({ url: `${this.target.url}${path}`, ...UNHURRIED, ...way, ...options });
    this.#clients.push(subject.client);
    return subject;
  }

  /** A client that is open. */
  async open(path: string, options: Partial<ClientOptions> = {}): Promise<Subject> {
    const subject = this.subject(path, options);
    await subject.opens();
    return subject;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
  }
}
