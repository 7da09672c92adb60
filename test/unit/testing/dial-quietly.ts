import type { MemoryServer } from "../../../src/testing/memory-server.ts";
import type { SocketEnd, TransportSocket } from "../../../src/transport/transport.ts";

/** Dials a server in memory, and listens to the end alone. */
export function dialQuietly(server: MemoryServer, closed: (end: SocketEnd) => void = () => undefined): TransportSocket {
  return server.transport(
    { url: "ws://test", protocols: [] },
    { opened: () => undefined, message: () => undefined, pong: () => undefined, closed },
  );
}
