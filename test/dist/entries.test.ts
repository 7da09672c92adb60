// What an entry of the built package loads, by the import statements of its files and the sources in their maps.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { browserEntries, inRoot, nodeEntries, plainEntries } from "../../scripts/entries.ts";
import { pageBundle } from "../../scripts/page-bundle.ts";

/** A built file and all that it imports from beside it. */
function filesOf(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = readFileSync(inRoot(file), "utf8");
  for (const [, chunk = ""] of code.matchAll(/(?:from|import)\s*"(\.\/[\w-]+\.js)"/g)) {
    filesOf(posix.join(posix.dirname(file), chunk), seen);
  }
  return seen;
}

/** The sources of which files are made. */
function sourcesIn(files: Iterable<string>): readonly string[] {
  return [...files].flatMap((file) => {
    const map = JSON.parse(readFileSync(inRoot(`${file}.map`), "utf8")) as { readonly sources: readonly string[] };
    return map.sources.map((source) => source.replace(/^(\.\.\/)+/, ""));
  });
}

const flavours = { browser: browserEntries, node: nodeEntries, plain: plainEntries };
const files = [
  ...Object.entries(flavours).flatMap(([flavour, own]) => Object.keys(own).map((name) => `dist/${flavour}/${name}.js`)),
  "dist/cdn/holdfast.js",
];
const testKit = files.filter((file) => file.endsWith("/testing.js"));

/** What the files of a folder import that is not beside them. */
function dependenciesOf(folder: string): ReadonlySet<string> {
  const code = readdirSync(inRoot(folder)).filter((name) => name.endsWith("js"));
  const imports = code.flatMap((name) => [
    ...readFileSync(inRoot(`${folder}/${name}`), "utf8").matchAll(/(?:from ?|import ?|require\()"([^."][^"]*)"/g),
  ]);
  return new Set(imports.map(([, specifier = ""]) => specifier));
}

describe("dependencies", () => {
  it.each([
    ["dist/browser", ["eventemitter3"]],
    ["dist/node", ["ws"]],
    ["dist/cdn", []],
    ["dist/plain", []],
  ])("that %s imports", (folder, expected) => {
    expect([...dependenciesOf(folder)]).toEqual(expected);
  });

  it.each(["dist/node/main.js", "dist/node/main.cjs", "dist/cdn/holdfast.js"])("in %s keep their notice", (file) => {
    expect(readFileSync(inRoot(file), "utf8")).toMatch(/eventemitter3, \(c\) 2014 Arnout Kazemier, MIT/);
  });
});

describe("code for tests", () => {
  it.each(files.filter((file) => !testKit.includes(file)))("is not in %s", (file) => {
    const sources = sourcesIn(filesOf(file));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => source.startsWith("src/testing"))).toEqual([]);
  });

  it.each(testKit)("is in %s, which loads no part of the client", (file) => {
    const sources = sourcesIn(filesOf(file));
    expect(sources).toContain("src/testing/contract/contract.ts");
    expect(sources.filter((source) => !/^src\/(testing|core)[/.]/.test(source))).toEqual([]);
  });
});

describe("a page", () => {
  // With esbuild: of what nobody uses it keeps more than other bundlers do.
  it.each(["connection", "rpc"])("pays nothing for other layers, whether it imports holdfast or holdfast/%s", async (entry) => {
    const name = entry === "rpc" ? "jsonRpc" : "Connection";
    const [all, own] = await Promise.all(
      ["index", entry].map((file) => pageBundle({ entry: `./dist/browser/${file}.js`, name })),
    );
    expect(own?.minified).toBeGreaterThan(1_000);
    expect(Math.abs((all?.minified ?? 0) - (own?.minified ?? 0))).toBeLessThan(50);
  });
});

describe("files of Node", () => {
  it.each([
    ["index", ["index", "main"]],
    ["connection", ["connection", "main"]],
    ["rpc", ["main", "rpc"]],
    ["node", ["main", "node"]],
    ["websocket", ["main", "websocket"]],
  ])("that %s loads", (entry, expected) => {
    const files = [...filesOf(`dist/node/${entry}.js`)].map((file) => posix.basename(file, ".js"));
    expect(files.sort()).toEqual(expected);
  });

  it("hold each source once, so that a class is the same one in every entry", () => {
    const sources = sourcesIn(new Set(Object.keys(nodeEntries).flatMap((name) => [...filesOf(`dist/node/${name}.js`)])));
    expect(sources).toContain("src/websocket/link.ts");
    expect(sources).toContain("src/connection/shell.ts");
    expect(sources.filter((source, at) => sources.indexOf(source) !== at)).toEqual([]);
  });

  it("take from main.js all that it gives, and nothing else", () => {
    const names = (file: string, statement: RegExp): string[] =>
      [...readFileSync(inRoot(file), "utf8").matchAll(statement)].flatMap(([, list = ""]) =>
        [...list.matchAll(/([\w$]+)(?: as [\w$]+)?/g)].map(([, name = ""]) => name),
      );
    const given = names("dist/node/main.js", /^export \{([^}]*)\}/gm);
    const taken = Object.keys(nodeEntries).flatMap((name) =>
      names(`dist/node/${name}.js`, /^import \{([^}]*)\} from "\.\/main\.js"/gm),
    );
    expect(given.length).toBeGreaterThan(20);
    expect([...new Set(taken)].sort()).toEqual(given.sort());
  });
});
