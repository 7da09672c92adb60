import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";
import { inRoot } from "./entries.ts";

interface Section {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

async function find(page: string, name: string): Promise<Section> {
  const whole = await readFile(inRoot(page), "utf8");
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [whole.indexOf(start) + start.length, whole.indexOf(end)];
  if (from < start.length || to < from) throw new Error(`${page} has no place for "${name}"`);
  return { before: whole.slice(0, from), text: whole.slice(from, to), after: whole.slice(to) };
}

/** What stands between `<!-- name -->` and `<!-- /name -->` of a page of the documentation. */
export async function readSection(page: string, name: string): Promise<string> {
  return (await find(page, name)).text;
}

/** Puts `content` there, and the page in order. */
export async function writeSection(page: string, name: string, content: string): Promise<void> {
  const { before, after } = await find(page, name);
  const file = inRoot(page);
  const written = `${before}\n\n${content}\n\n${after}`;
  await writeFile(file, await format(written, { ...(await resolveConfig(file)), parser: "markdown" }));
}
