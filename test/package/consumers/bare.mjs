// Loads what browsers are given into contexts that have the globals of the language and nothing else: no window, no timers.
// It lies in a project that has the package, and runs with --experimental-vm-modules. What is wrong is thrown; else it prints "well".
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";

const require = createRequire(import.meta.url);
const DIST = join(import.meta.dirname, "node_modules/holdfast/dist");
const OF_LANGUAGE = new Set(vm.runInNewContext("Object.getOwnPropertyNames(globalThis)"));
const PLATFORM = [
  ...Object.getOwnPropertyNames(globalThis),
  ...["window", "self", "document", "location", "WebSocket", "EventSource", "addEventListener", "require", "module"],
].filter((name) => !OF_LANGUAGE.has(name));

/** A bare context, and which of the platform's globals were asked for in it. */
function bare(given = {}) {
  const asked = new Set();
  const sandbox = {};
  for (const name of PLATFORM)
    Object.defineProperty(sandbox, name, {
      configurable: true,
      get: () => {
        asked.add(name);
        return given[name];
      },
    });
  return { context: vm.createContext(sandbox), sandbox, asked };
}

/** `require` within a context: every file is evaluated there, those of dependencies too. */
function loadCommonJs(context, file, loaded = new Map()) {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const wrapper = vm.runInContext(`(function (exports, require, module) {${readFileSync(file, "utf8")}\n})`, context);
  const resolve = createRequire(file).resolve;
  wrapper(module.exports, (specifier) => loadCommonJs(context, resolve(specifier), loaded), module);
  return module.exports;
}

/** `import` within a context. What is not ours is CommonJS. */
async function loadModule(context, file) {
  const loaded = new Map();
  const load = (specifier, { identifier }) => {
    const target = specifier.startsWith(".") ? join(dirname(identifier), specifier) : require.resolve(specifier);
    if (loaded.has(target)) return loaded.get(target);
    const module = specifier.startsWith(".") ? source(target) : foreign(target);
    loaded.set(target, module);
    return module;
  };
  const source = (path) => new vm.SourceTextModule(readFileSync(path, "utf8"), { context, identifier: path });
  const foreign = (path) => {
    const exports = loadCommonJs(context, path);
    return new vm.SyntheticModule(
      ["default", ...Object.keys(exports)],
      function () {
        this.setExport("default", exports);
        for (const name of Object.keys(exports)) this.setExport(name, exports[name]);
      },
      { context },
    );
  };
  const module = source(file);
  await module.link(load);
  await module.evaluate();
  return module.namespace;
}

function expectUntouched({ sandbox, asked }, what) {
  assert.deepEqual([...asked], [], `${what} asks for globals`);
  const made = Object.getOwnPropertyNames(sandbox).filter((name) => !PLATFORM.includes(name));
  assert.deepEqual(made, [], `${what} makes globals`);
}

const entries = ["browser", "plain"].flatMap((flavour) =>
  readdirSync(join(DIST, flavour))
    .filter((name) => /^(?!chunk-).*\.c?js$/.test(name))
    .map((name) => `${flavour}/${name}`),
);
assert.ok(entries.length >= 10, "the entries are found");
for (const entry of entries) {
  const world = bare();
  const file = join(DIST, entry);
  const exports = entry.endsWith(".cjs") ? loadCommonJs(world.context, file) : await loadModule(world.context, file);
  assert.ok(Object.keys(exports).length > 0, `${entry} exports something`);
  expectUntouched(world, `importing ${entry}`);
  exports.createClient?.({ url: "ws://example.test" });
  expectUntouched(world, "making a client");
}

// The contexts do notice: an import that has effects is seen.
const witness = bare();
vm.runInContext("typeof navigator; globalThis.mine = 1", witness.context);
assert.ok(witness.asked.has("navigator") && "mine" in witness.sandbox, "the contexts see nothing");

const { setTimeout, clearTimeout, queueMicrotask, AbortController, performance } = globalThis;
const plain = bare({ setTimeout, clearTimeout, queueMicrotask, AbortController, performance });
const { createClient } = loadCommonJs(plain.context, join(DIST, "browser/index.cjs"));
const client = createClient({ url: "ws://example.test" });
const error = await client.connect().then(
  () => undefined,
  (reason) => reason,
);
assert.deepEqual([error?.code, client.state.name], ["UNSUPPORTED", "closed"], "connecting without a WebSocket");
console.log("well");
