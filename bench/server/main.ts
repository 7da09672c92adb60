// The server of all contestants, in a process of its own. `node main.ts [port] [at]` listens from that time on, in ms
// since the epoch, tells its parent where, and when it is asked, the times of the upgrades since it was started.
import type { AddressInfo } from "node:net";
import { makeServer } from "./connection.ts";
import { roleOf } from "./roles.ts";

const upgrades: number[] = [];
const server = makeServer((url, connection) => {
  upgrades.push(Date.now());
  return roleOf(url, connection);
});
const [port = 0, at = 0] = process.argv.slice(2).map(Number);
setTimeout(
  () => {
    // A backlog for a herd.
    server.listen({ port, host: "127.0.0.1", backlog: 4_096 }, () => {
      process.send?.((server.address() as AddressInfo).port); // listening by TCP it has one
    });
  },
  Math.max(0, at - Date.now()),
);
process.on("message", () => process.send?.(upgrades));
process.on("disconnect", () => process.exit());
