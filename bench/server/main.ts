// The server of all contestants, in a process of its own. `node main.ts [port]` tells its parent where it listens.
import type { AddressInfo } from "node:net";
import { makeServer } from "./connection.ts";
import { roleOf } from "./roles.ts";

const server = makeServer(roleOf);
// A backlog for a herd.
server.listen({ port: Number(process.argv[2] ?? 0), host: "127.0.0.1", backlog: 4_096 }, () => {
  process.send?.((server.address() as AddressInfo).port); // listening by TCP it has one
});
process.on("disconnect", () => process.exit());
