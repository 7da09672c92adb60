// Does what another process has left to it, the latest first, once that process is gone: see last-will.ts.
import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const wills = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const { id, script } = JSON.parse(line);
  if (script === undefined) wills.delete(id);
  else wills.set(id, script);
}
for (const script of [...wills.values()].reverse()) spawnSync("/bin/sh", ["-c", script]);
