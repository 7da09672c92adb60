import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Nobody but this machine can reach the demo. */
export const HOST = "127.0.0.1";

/** The port itself and some that follow it; 0 lets the system choose. */
export function portsFrom(port: number, count = 20): number[] {
  return port === 0 ? [0] : Array.from({ length: count }, (_, index) => port + index);
}

/** Listens on the first of `ports` that is free. Resolves with it. */
export async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    try {
      server.listen(port, HOST);
      await once(server, "listening");
      // The cast: a server that listens on a port has an address with one.
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    }
  }
  throw new Error(`No free port among ${ports.join(", ")}`);
}
