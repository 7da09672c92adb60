// Imports and requires every entry of the package, and makes a round trip. It lies in a project that has the package.
// Argument: the URL of an echo server. What is wrong is thrown. It prints "well" alone, and must end by itself.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { exports } = require("holdfast/package.json");
const entries = Object.keys(exports)
  .filter((key) => key !== "./package.json")
  .map((key) => key.replace(/^\./, "holdfast"));
assert.ok(entries.length >= 5, "the entries are found");

const modules = {};
for (const entry of entries) {
  const [esm, cjs] = [await import(entry), require(entry)];
  assert.deepEqual(Object.keys(cjs).sort(), Object.keys(esm).sort(), `${entry} exports the same either way`);
  modules[entry] = { esm, cjs };
}

const main = modules.holdfast;
for (const kind of ["esm", "cjs"])
  assert.equal(main[kind].HoldfastError, modules["holdfast/rpc"][kind].HoldfastError, "entries share their classes");
for (const [made, seen] of [
  ["esm", "cjs"],
  ["cjs", "esm"],
]) {
  const client = main[made].createClient({ url: "ws://127.0.0.1:9", retry: () => "stop" });
  const error = await client.connect().then(
    () => undefined,
    (reason) => reason,
  );
  void client.close();
  assert.ok(main[seen].isHoldfastError(error), `${seen} knows the errors of ${made}: ${String(error)}`);
}

const text = "\u00e9 and so on, ".repeat(10_000);
for (const { createClient } of [main.esm, main.cjs]) {
  const client = createClient({ url: process.argv[2], dialect: "raw" });
  const answer = new Promise((resolve) => client.on("message", resolve));
  client.send(text);
  void client.connect();
  assert.equal(await answer, text);
  await client.close();
}
console.log("well");
