// What an entry of the built package loads, by the import statements of its files and the sources in their maps.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { browserEntries, entries, inRoot } from "../../scripts/entries.ts";

/** The sources of a built file and of all that it imports. */
function sourcesOf(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  const code = readFileSync(inRoot(file), "utf8");
  const map = JSON.parse(readFileSync(inRoot(`${file}.map`), "utf8")) as { readonly sources: readonly string[] };
  for (const source of map.sources) seen.add(source.replace(/^(\.\.\/)+/, ""));
  for (const [, chunk = ""] of code.matchAll(/(?:from|import)\s*"(\.\/[\w-]+\.js)"/g)) {
    sourcesOf(posix.join(posix.dirname(file), chunk), seen);
  }
  return seen;
}

const flavours = { browser: browserEntries, node: entries };
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
  ])("that %s imports", (folder, expected) => {
    expect([...dependenciesOf(folder)]).toEqual(expected);
  });

  it.each(["dist/node/main.js", "dist/node/main.cjs", "dist/cdn/holdfast.js"])("in %s keep their notice", (file) => {
    expect(readFileSync(inRoot(file), "utf8")).toMatch(/eventemitter3, \(c\) 2014 Arnout Kazemier, MIT/);
  });
});

describe("code for tests", () => {
  it.each(files.filter((file) => !testKit.includes(file)))("is not in %s", (file) => {
    const sources = [...sourcesOf(file)];
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => source.startsWith("src/testing"))).toEqual([]);
  });

  it.each(testKit)("is in %s, which loads no part of the client", (file) => {
    const sources = [...sourcesOf(file)];
    expect(sources).toContain("src/testing/contract/contract.ts");
    expect(sources.filter((source) => !/^src\/(testing|core)[/.]/.test(source))).toEqual([]);
  });
});
