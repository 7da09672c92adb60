import { type ChildProcess, fork, type ForkOptions, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Done, Task } from "./client.ts";

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      reject(new Error(`A process of the benchmark ended with ${String(code)}`));
    };
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as Answer);
    });
  });
}

const CORES = availableParallelism();
const CAN_PIN =
  CORES > 1 && [0, CORES - 1].every((at) => spawnSync("taskset", ["-c", String(at), "true"]).status === 0);

/** How a process is started that stays on one processor, where the system can do that: they are not equally fast. */
function pinned(processor: number, flags: readonly string[] = []): ForkOptions {
  if (!CAN_PIN) return { execArgv: [...flags] };
  return { execPath: "taskset", execArgv: ["-c", String(processor), process.execPath, ...flags] };
}

/** The server of `server/main.ts`, in its own process. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** `at`: when it begins to listen, in ms since the epoch. */
  static async start(port = 0, at = 0): Promise<ServerProcess> {
    const child = fork(new URL("server/main.ts", import.meta.url), [String(port), String(at)], pinned(0));
    return new ServerProcess(child, await answerOf<number>(child));
  }

  get url(): string {
    return `ws://127.0.0.1:${String(this.port)}`;
  }

  /** When clients were let in, in ms since the epoch. */
  async upgrades(): Promise<readonly number[]> {
    const answer = answerOf<number[]>(this.#child);
    this.#child.send("upgrades");
    return answer;
  }

  /** Ends it at once, as a crash does; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** A contestant's process. */
export class ClientProcess implements Disposable {
  readonly name: string;
  readonly #child: ChildProcess;

  /** `flags`: more of Node's for it. */
  constructor(name: string, flags: readonly string[] = []) {
    this.name = name;
    this.#child = fork(new URL("client.ts", import.meta.url), [name], pinned(CORES - 1, ["--expose-gc", ...flags]));
  }

  async perform(task: Task): Promise<Done> {
    const done = answerOf<Done>(this.#child);
    this.#child.send(task);
    return done;
  }

  [Symbol.dispose](): void {
    this.#child.disconnect(); // then it goes by itself, and writes its profile
  }
}

/** Many clients of one kind in a process. */
export class HerdProcess implements Disposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when all are connected. */
  static async start(name: string, base: string, clients: number): Promise<HerdProcess> {
    const child = fork(new URL("herd/clients-main.ts", import.meta.url), [name, base, String(clients)]);
    await answerOf<string>(child);
    return new HerdProcess(child);
  }

  /** When they dialled since the last question, in ms since the epoch. */
  async dials(): Promise<readonly number[]> {
    const answer = answerOf<number[]>(this.#child);
    this.#child.send("dials");
    return answer;
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }
}
