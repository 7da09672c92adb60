// `node clients-main.ts <contestant> <base> <count>`: many clients in one process, with their library's defaults. It tells
// its parent when all are there, and when it is asked, the times of the dials since the last question.
import { subscribe } from "node:diagnostics_channel";
import { BARE, CONTESTANTS } from "../contestants/all.ts";

const [name = "", base = "", count = "0"] = process.argv.slice(2);
const contestant = [BARE, ...CONTESTANTS].find((each) => each.name === name);
if (!contestant) throw new Error(`There is no contestant "${name}"`);
const { protocol, idle, open } = contestant;

/** Every TCP connection that is tried, whoever tries it. Milliseconds since the epoch. */
let dials: number[] = [];
subscribe("net.client.socket", () => {
  dials.push(Date.now());
});
// A library may let a failed dial escape as a rejection; its clients dial on.
process.on("unhandledRejection", () => undefined);

const url = `${base}/${protocol}/idle`;
const kept: unknown[] = [];
const WIDTH = 50;
while (kept.length < Number(count)) {
  kept.push(...(await Promise.all(Array.from({ length: WIDTH }, () => (idle ?? open)(url)))));
}

process.on("message", () => {
  process.send?.(dials);
  dials = [];
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
