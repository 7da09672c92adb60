// What is used of rpc-websockets. Its own declarations stand behind the condition "node", which TypeScript does not look
// behind when it resolves as a bundler does.
declare module "rpc-websockets" {
  import type { EventEmitter } from "node:events";
  import type { ServerOptions, WebSocketServer } from "ws";

  export class Server extends EventEmitter {
    readonly wss: WebSocketServer;
    constructor(options: ServerOptions);
    /** Registers a method. */
    register(name: string, fn: (params: never) => unknown): void;
    /** Registers an event; `emit` of it reaches those who called "rpc.on". */
    event(name: string): void;
    createError(code: number, message: string, data: string | object): object;
    /** A namespace, with the sockets that have called "rpc.on", by event. */
    of(name: string): {
      clients(): { readonly events: Readonly<Record<string, { readonly sockets: readonly string[] }>> };
    };
    close(): Promise<void>;
  }
}
