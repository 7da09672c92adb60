import { createServer } from "node:http";
import { listen } from "../../../../examples/killable.ts";
import { wsTransport } from "../../../../src/transport/platform-node.ts";
import type { WebSocketOptions } from "../../../../src/websocket/options.ts";
import { Child } from "../../../support/child.ts";
import { SocketCounter } from "../../../support/socket-counter.ts";

/** How often each server is killed. */
export const KILLS = 20;

/** How long a test may take, in ms. */
export const PATIENCE = 120_000;

/** Options under which a socket is back soon, a way to wait until it has met a server that is down, and its sockets. */
export class Dials {
  readonly sockets: SocketCounter = new SocketCounter(wsTransport());
  readonly options: WebSocketOptions = {
    transport: this.sockets.transport,
    connectTimeout: 2_000,
    stableAfter: 20,
    backoff: { min: 5, base: 20, max: 40 },
    retry: ({ cause }) => {
      if (cause.code === "DIAL_FAILED") for (const tell of this.#waiting.splice(0)) tell();
      return undefined;
    },
  };
  readonly #waiting: (() => void)[] = [];

  /** The next dial that fails. */
  failed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

/** Starts a process that serves on a port. */
export type Launch = (port: string) => Child;

/** A script that takes its port as an argument, or as PORT. */
export function script(file: string): Launch {
  return (port) => Child.node(file, [port], { HOST: "127.0.0.1", PORT: port });
}

/** A server in a process of its own, on the same port each time. */
export class Server implements AsyncDisposable {
  readonly port: number;
  readonly #launch: Launch;
  readonly #ready: RegExp;
  #process: Child | undefined;

  private constructor(launch: Launch, ready: RegExp, port: number) {
    this.#launch = launch;
    this.#ready = ready;
    this.port = port;
  }

  /** Resolves when it has printed a line that matches `ready`. */
  static async start(launch: Launch, ready: RegExp): Promise<Server> {
    const { port, kill } = await freePort();
    await kill();
    const server = new Server(launch, ready, port);
    await server.restart();
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${String(this.port)}/`;
  }

  async restart(): Promise<void> {
    this.#process = this.#launch(String(this.port));
    await this.#process.line(this.#ready);
  }

  async kill(): Promise<void> {
    await this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

async function freePort(): Promise<{ readonly port: number; readonly kill: () => Promise<void> }> {
  const server = await listen(createServer(), 0);
  return { port: server.port, kill: () => server.kill() };
}

/** Values as they come in, and a way to wait for them. */
export class Tally<Value> {
  readonly values: Value[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (value: Value): void => {
    this.values.push(value);
    for (const look of this.#waiting) look();
  };

  /** Resolves when `condition` is true of the values so far. */
  until(condition: (values: readonly Value[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition(this.values)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
