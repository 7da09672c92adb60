import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A process of its own, started in the root of the repository, and the lines that it prints on either stream. */
export class Child implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<unknown[]>;

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env } });
    this.#exit = once(this.#process, "exit");
    for (const input of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input }).on("line", (line) => this.lines.push(line));
    }
  }

  /** A script of this repository, under the Node that runs the tests. */
  static node(script: string, args: readonly string[] = [], env?: Readonly<Record<string, string>>): Child {
    return new Child(process.execPath, [script, ...args], env);
  }

  /** The first line that matches, printed already or later. */
  async line(pattern: RegExp, timeout = 10_000): Promise<RegExpExecArray> {
    return vi.waitFor(
      () => {
        for (const line of this.lines) {
          const match = pattern.exec(line);
          if (match) return match;
        }
        throw new Error(`No line matches ${String(pattern)} in:\n${this.lines.join("\n")}`);
      },
      { timeout },
    );
  }

  /** Types a line. */
  type(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Sends a signal, and resolves with the exit code: `null` if the signal itself ended the process. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.#process.kill(signal);
    return this.exit();
  }

  /** Resolves with the exit code when the process ends by itself. */
  async exit(): Promise<number | null> {
    const [code] = (await this.#exit) as [number | null]; // documented: the event carries the code and the signal
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGKILL");
  }
}
