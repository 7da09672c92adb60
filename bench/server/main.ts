// The server of all contestants, in a process of its own. `node main.ts [port]` tells its parent where it listens, and
// when it is asked, the times of the upgrades since it was started.
import type { AddressInfo } from "node:net";
import { makeServer } from "./connection.ts";
import { roleOf } from "./roles.ts";

const upgrades: number[] = [];
const server = makeServer((url, connection) => {
  upgrades.push(Date.now());
  return roleOf(url, connection);
});
// A backlog for a herd.
server.listen({ port: Number(process.argv[2] ?? 0), host: "127.0.0.1", backlog: 4_096 }, () => {
  process.send?.((server.address() as AddressInfo).port); // listening by TCP it has one
});
process.on("message", () => process.send?.(upgrades));
process.on("disconnect", () => process.exit());
