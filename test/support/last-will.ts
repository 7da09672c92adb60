import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const EXECUTOR = fileURLToPath(import.meta.resolve("./last-will-executor.js"));
let executor: ChildProcess | undefined;
let count = 0;

/**
 * Has the shell do something when this process ends, however it ends: a process that is killed cleans up nothing itself.
 * The returned function takes that back, for whoever has cleaned up.
 */
export function lastWill(script: string): () => void {
  const id = ++count;
  tell({ id, script });
  return () => {
    tell({ id });
  };
}

function tell(line: { readonly id: number; readonly script?: string }): void {
  executor ??= start();
  executor.stdin?.write(`${JSON.stringify(line)}\n`);
}

/** A process that outlives this one: it knows by the end of its input that this one is gone. */
function start(): ChildProcess {
  // In a group of its own: an interrupt from the keyboard is not for it.
  const child = spawn(process.execPath, [EXECUTOR], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  return child;
}
