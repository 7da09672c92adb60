import { readdirSync, readFileSync } from "node:fs";

/** `pid` and all processes that descend from it. */
export function processTree(pid: number): readonly number[] {
  const tree = [pid];
  const children = childrenByParent();
  for (const ancestor of tree) tree.push(...(children.get(ancestor) ?? []));
  return tree;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(entry);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  return children;
}

function parentOf(process: string): number | undefined {
  try {
    // "pid (name) state ppid ..."; the name may hold anything.
    const fields = readFileSync(`/proc/${process}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}
