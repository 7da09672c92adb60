import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server that can be killed, as `kill -9` does it: nobody gets a goodbye, and nobody listens any more. */
export interface Killable {
  readonly port: number;
  /** How many TCP connections there are. */
  readonly connections: number;
  kill(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 stands for any that is free. */
export async function listen(http: Server, port: number): Promise<Killable> {
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (http.address() as AddressInfo).port, // a TCP server has no other kind of address
    get connections() {
      return sockets.size;
    },
    async kill() {
      const closed = new Promise((resolve) => http.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}
