import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { systemClock } from "../../src/core/clock.ts";
import { lastWill } from "../support/last-will.ts";

/** How long a server may take to listen or to end, on a busy machine, in ms. */
const PATIENCE = 30_000;

export interface ServiceOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** It listens when something accepts connections here, on 127.0.0.1. */
  readonly port: number;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server of somebody else, in a process of its own that can be stopped, frozen and started again. */
export class Service implements AsyncDisposable {
  readonly #options: ServiceOptions;
  #child: ChildProcess | undefined;
  #forget = (): void => undefined;
  #printed = "";

  private constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** A service that listens. */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options);
    await service.start();
    return service;
  }

  /** Starts it again after `stop`. */
  async start(): Promise<void> {
    const { command, args, port, cwd, env } = this.#options;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // so that its workers can be killed with it
    });
    this.#child = child;
    if (child.pid !== undefined) this.#forget = lastWill(`kill -s KILL -- -${String(child.pid)}`);
    let problem: Error | undefined;
    child.on("error", (error) => (problem = error));
    for (const output of [child.stdout, child.stderr]) output.on("data", (chunk) => (this.#printed += String(chunk)));
    await eventually(`${command} to listen`, async () => {
      if (problem !== undefined || child.exitCode !== null)
        throw new Error(`${command} ended: ${problem?.message ?? this.#printed}`);
      return accepts(port);
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it, and resolves when it is gone; whoever takes too long is killed. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    if (child.exitCode === null && child.signalCode === null) await end(child, signal);
    killGroup(child);
    this.#forget();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGCONT");
    await this.stop("SIGTERM");
  }
}

/** A TCP port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the condition holds; rejects when it does not for too long. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patience: number = PATIENCE,
): Promise<void> {
  const giveUp = systemClock.now() + patience;
  while (!(await condition())) {
    if (systemClock.now() > giveUp) throw new Error(`Waited in vain for ${what}`);
    await passing(10);
  }
}

/** Lets time pass in which something is to happen, or not to happen. */
export function passing(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, "exit");
  if (signal === "SIGKILL") killGroup(child);
  else child.kill(signal);
  const cancel = systemClock.after(PATIENCE, () => {
    killGroup(child);
  });
  await gone;
  cancel();
}

/** Kills a process and those that it has started. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (accepted: boolean) => (): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", answer(true));
    socket.on("error", answer(false));
  });
}
