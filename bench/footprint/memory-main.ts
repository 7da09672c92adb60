// `node --expose-gc memory-main.ts <contestant> <base>`: opens idle clients and prints the bytes of heap that each takes.
import { BARE, CONTESTANTS } from "../contestants/all.ts";

const CLIENTS = 2_000;
/** Dialled first, so that what is loaded and compiled once counts for nobody. */
const FIRST = 200;
/** Dials at once. */
const WIDTH = 50;
/** Idle is what comes after the beginning: by then a client that watches whether its new link holds (5 s) has stopped. In ms. */
const SETTLED = 6_000;

const [name = "", base = ""] = process.argv.slice(2);
const contestant = [BARE, ...CONTESTANTS].find((each) => each.name === name);
if (!contestant) throw new Error(`There is no contestant "${name}"`);
const { gc } = globalThis as unknown as { gc: () => void };

const url = `${base}/${contestant.protocol}/idle`;
const dialOne: (url: string) => Promise<unknown> = contestant.idle ?? contestant.open;
const kept: unknown[] = [];

async function dial(count: number): Promise<void> {
  for (let dialled = 0; dialled < count; dialled += WIDTH) {
    const dials = Array.from({ length: WIDTH }, () => dialOne(url));
    kept.push(...(await Promise.all(dials)));
  }
}

async function heap(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50)); // finalizers, and what a handshake leaves behind
  }
  return process.memoryUsage().heapUsed;
}

await dial(FIRST);
const before = await heap();
await dial(CLIENTS);
const after = await heap();
if (kept.length !== FIRST + CLIENTS) throw new Error("Not all have been dialled");
console.log(String(Math.round((after - before) / CLIENTS)));
process.exit();
