// Runs a bundle that defines `globalThis.roundTrip`, as a page would run it, and makes one long round trip with it.
// Arguments: the file, "module" or "script", and the URL of an echo server. It must end by itself.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";

const [, , file, kind, url] = process.argv;
if (kind === "script") runInThisContext(await readFile(file, "utf8"), file);
else await import(pathToFileURL(file).href);

// Longer than 64 KiB, so that it is masked in the way of long frames.
const text = "\u00e9 and so on, ".repeat(10_000);
const answer = await globalThis.roundTrip(url, text);
console.log(answer === text ? "came back" : `something else came back: ${String(answer).slice(0, 200)}`);
