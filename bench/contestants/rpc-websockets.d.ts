// What is used of rpc-websockets' client; see test/support/rpc-websockets.d.ts for why its own declarations are not found.
declare module "rpc-websockets" {
  import type { EventEmitter } from "node:events";

  export class Client extends EventEmitter {
    constructor(address: string, options?: object);
    call(method: string, params: unknown, timeout?: number): Promise<unknown>;
    notify(method: string, params: unknown): Promise<void>;
    close(): void;
  }
}
