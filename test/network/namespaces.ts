import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { lastWill } from "../support/last-will.ts";

const exec = promisify(execFile);
const RELAY = fileURLToPath(new URL("relay.py", import.meta.url));
const IP = "/sbin/ip";
let made = 0;

/** The addresses exist inside the namespaces only. The second one of the client is for when it comes back elsewhere. */
export const ADDRESS = { server: "10.77.0.1", client: "10.77.0.2", moved: "10.77.0.3" } as const;

/** A rule of a firewall, in the words of iptables. */
export interface Rule {
  readonly where: "client" | "server";
  readonly chain: "INPUT" | "OUTPUT";
  readonly rule: readonly string[];
}

/** Two network namespaces, one for a server and one for a client, and what joins them. They go when it is disposed of. */
export class Namespaces implements AsyncDisposable {
  readonly server: string;
  readonly client: string;
  readonly #children: ChildProcess[] = [];
  readonly #forget: (() => void)[] = [];

  private constructor(name: string) {
    this.server = `${name}s`;
    this.client = `${name}c`;
  }

  /** Joined by a pair of virtual Ethernet devices: fast, and nothing is lost. */
  static async plain(): Promise<Namespaces> {
    const spaces = await Namespaces.#make();
    const { server, client } = spaces;
    await spaces.#or(async () => {
      await ip("link", "add", "v0", "netns", server, "type", "veth", "peer", "name", "v0", "netns", client);
      await ip("-n", server, "addr", "add", `${ADDRESS.server}/24`, "dev", "v0");
      await ip("-n", client, "addr", "add", `${ADDRESS.client}/24`, "dev", "v0");
      for (const one of [server, client]) await ip("-n", one, "link", "set", "v0", "up");
    });
    return spaces;
  }

  /** Joined by such a pair of which each end sends no more than so many Mbit/s. */
  static async narrow(rate: number): Promise<Namespaces> {
    const spaces = await Namespaces.plain();
    const shape = ["tbf", "rate", `${String(rate)}mbit`, "burst", "32kbit", "latency", "100ms"];
    await spaces.#or(async () => {
      for (const one of [spaces.server, spaces.client])
        await exec("/sbin/tc", ["-n", one, "qdisc", "add", "dev", "v0", "root", ...shape]);
    });
    return spaces;
  }

  /** Joined by a relay that delays each packet by `delay` ms and loses so many of a hundred. */
  static async lossy(delay: number, percent: number): Promise<Namespaces> {
    const spaces = await Namespaces.#make();
    await spaces.#or(async () => {
      const ends = [spaces.server, ADDRESS.server, spaces.client, ADDRESS.client];
      const relay = spawn("/usr/bin/python3", [RELAY, ...ends, String(delay), String(percent)], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      spaces.#children.push(relay);
      await Promise.race([once(relay.stdout, "data"), failure(relay, "The relay")]);
    });
    return spaces;
  }

  /** A process in one of the namespaces, which can be talked to. It ends with the namespaces. */
  run(where: "server" | "client", module: string, argument: string): ChildProcess {
    const child = spawn(IP, ["netns", "exec", this[where], process.execPath, fileURLToPath(module), argument], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#children.push(child);
    return child;
  }

  /** Adds a rule to the firewall of the client or of the server, or takes it away. */
  async rule(action: "add" | "remove", { where, chain, rule }: Rule): Promise<void> {
    const flag = action === "add" ? "-A" : "-D";
    await exec(IP, ["netns", "exec", this[where], "iptables", "-w", flag, chain, ...rule]);
  }

  /** The client's interface goes, or comes back with this address. */
  async link(state: "down"): Promise<void>;
  async link(state: "up", address: string): Promise<void>;
  async link(state: "up" | "down", address?: string): Promise<void> {
    if (address !== undefined) {
      await ip("-n", this.client, "addr", "flush", "dev", "v0");
      await ip("-n", this.client, "addr", "add", `${address}/24`, "dev", "v0");
    }
    await ip("-n", this.client, "link", "set", "v0", state);
  }

  /** Ends the server's TCP connections with a reset to both sides. */
  async killConnections(port: number): Promise<void> {
    await exec(IP, ["netns", "exec", this.server, "ss", "-K", "state", "established", "sport", "=", String(port)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    for (const one of [this.server, this.client]) await ip("netns", "del", one);
    for (const forget of this.#forget) forget();
  }

  static async #make(): Promise<Namespaces> {
    const spaces = new Namespaces(`holdfast-${String(process.pid)}-${String(++made)}`);
    for (const one of [spaces.server, spaces.client]) {
      await ip("netns", "add", one);
      spaces.#forget.push(lastWill(killAll(one)));
      await ip("-n", one, "link", "set", "lo", "up");
    }
    return spaces;
  }

  async #or(join: () => Promise<void>): Promise<void> {
    try {
      await join();
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }
}

/** For the shell: ends a namespace and all who live in it; also those who stand still, and would not notice it. */
function killAll(space: string): string {
  return `for pid in $(${IP} netns pids ${space}); do kill -s KILL $pid; done; ${IP} netns del ${space}`;
}

/** Rejects when the process ends. */
export async function failure(child: ChildProcess, who: string): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null]; // documented: the event carries the code and the signal
  throw new Error(`${who} ended with ${String(code)}`);
}

async function ip(...args: readonly string[]): Promise<void> {
  await exec(IP, args);
}
