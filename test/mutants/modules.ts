import { globSync, readFileSync } from "node:fs";
import { inRoot } from "../../scripts/entries.ts";
import { type Mutant, mutate } from "./mutate.ts";
import { testFilesIn } from "./test-files.ts";

/** What is mutated: the parts in which everything is decided. */
const SOURCES = "src/{connection/{machine,backoff}.ts,{heartbeat,outbox,rpc,subscriptions}/*.ts}";

/** Whose tests have to notice. */
const TESTS = ["connection", "heartbeat", "outbox", "rpc", "subscriptions", "client"];

export const testFiles: readonly string[] = testFilesIn(TESTS);

/** Every mutant, and the source files with all of theirs in them. */
export function allMutants(): { readonly mutants: readonly Mutant[]; readonly texts: ReadonlyMap<string, string> } {
  const mutants: Mutant[] = [];
  const texts = new Map<string, string>();
  for (const file of globSync(SOURCES, { cwd: inRoot("") }).sort()) {
    const mutated = mutate(file, readFileSync(inRoot(file), "utf8"), mutants.length);
    mutants.push(...mutated.mutants);
    texts.set(file, mutated.text);
  }
  return { mutants, texts };
}
