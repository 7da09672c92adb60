// The suite as a script, for runtimes that run scripts: argv holds the classes to try, and the addresses.
import process from "node:process";
import { ReconnectingWebSocket } from "holdfast/websocket";
import { type Addresses, type Kind, tryAll } from "./subjects.ts";

const [, , kinds = "[]", addresses = "{}"] = process.argv;
// Both are written by in-runtime.ts.
const results = await tryAll(
  ReconnectingWebSocket,
  JSON.parse(kinds) as readonly Kind[],
  JSON.parse(addresses) as Addresses,
);
console.log(JSON.stringify(results));
// A socket that Node 22 never opens and never closes would keep it alive.
process.exit(0);
