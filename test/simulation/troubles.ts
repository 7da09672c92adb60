import type { Random } from "../../src/core/random.ts";
import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import type { BrokenPromise } from "../../src/testing/memory-script.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { type Fault, Troublemaker } from "./faults.ts";
import type { Member } from "./member.ts";
import { WIDEST_GRID } from "./page.ts";
import type { Run } from "./run.ts";
import type { SimServer } from "./server.ts";

/** Close codes as servers and proxies send them. */
const CODES = [1000, 1001, 1003, 1005, 1008, 1011, 1012, 1013, 3000, 4000, 4401] as const;

const STATUSES = [undefined, undefined, 401, 403, 429, 500, 503] as const;

/** What real runtimes do; see the quirks of `holdfast/testing`. */
const RUDENESS: readonly BrokenPromise[] = [
  "late-after-abandon",
  "opens-twice",
  "message-before-opened",
  "never-closed",
  "closed-twice",
  "message-after-closed",
  "closed-during-close",
  "code-zero",
  "silent-discard",
];

/** Without a way to ask, an end that nobody tells of goes unnoticed for ever. */
const TOLD = RUDENESS.filter((promise) => promise !== "never-closed");

/** What can be wrong with the network of one page. */
export function pathTrouble(run: Run, { who, path, plan }: Member): Troublemaker {
  const random = run.fork();
  const once = (deed: () => void): Fault => {
    return () => {
      deed();
      return undefined;
    };
  };
  return new Troublemaker(run, who, {
    drop: once(() => {
      path.drop();
    }),
    "half-open": () => path.stall("both"),
    deaf: () => path.stall("toClient"),
    mute: () => path.stall("toServer"),
    refused: () => path.refuse(pick(random, STATUSES)),
    "slow accept": () => path.acceptLate(),
    latency: () => path.delay(),
    bandwidth: () => path.narrow(),
    "slow reader": () => path.pause(),
    rude: () => path.beRude(pick(random, plan.asks === "cannot" ? TOLD : RUDENESS)),
  });
}

/** What can happen to a page. */
export function pageTrouble(run: Run, { who, page }: Member): Troublemaker {
  const random = run.fork();
  const { network } = page;
  const woken = (end: () => void, wakes: number): (() => void) => {
    return () => {
      end();
      if (chance(random, wakes)) network.wake();
    };
  };
  return new Troublemaker(run, who, {
    frozen: () => woken(page.freeze(), 0.7),
    "sleeping tab": () => {
      network.suspend();
      return woken(page.freeze(), 0.9);
    },
    throttled: () => woken(page.throttle(pick(random, [1_000, WIDEST_GRID])), 0.7),
    "clock jump": () => {
      page.adjust(pick(random, [1, -1]) * pick(random, [900, 60_000, 7_200_000]));
      return undefined;
    },
    offline: () => {
      network.goOffline();
      return () => {
        network.goOnline();
      };
    },
    hints: () => {
      for (let hints = integer(random, 1, 20); hints > 0; hints--) hint(random, network);
      return undefined;
    },
  });
}

function hint(random: Random, network: Member["page"]["network"]): void {
  network.signal(pick(random, ["online", "offline", "wake", "suspend"]));
}

/** What can be wrong with the server. */
export class ServerTrouble {
  readonly maker: Troublemaker;
  readonly #run: Run;
  readonly #random: Random;
  readonly #server: SimServer;
  readonly #members: readonly Member[];
  #flapping = false;

  constructor(run: Run, server: SimServer, members: readonly Member[]) {
    this.#run = run;
    this.#random = run.fork();
    this.#server = server;
    this.#members = members;
    this.maker = new Troublemaker(run, "server", {
      restart: () => this.#restart(),
      kick: () => this.#kick(),
      flapping: () => this.#flap(),
      hanging: () => this.#hang(),
    });
  }

  /** While the server flaps, no connection lives for long. */
  connected(connection: MemoryConnection): void {
    if (!this.#flapping) return;
    const code = pick(this.#random, [1001, 1006, 1011, 1013]);
    this.#run.world.after(integer(this.#random, 0, 700), () => {
      if (code === 1006) connection.drop();
      else connection.close(code);
    });
  }

  #restart(): () => void {
    const polite = chance(this.#random, 0.5);
    if (polite) for (const { path } of this.#members) path.server.closeAll(pick(this.#random, [1001, 1012]), "restart");
    const ups = polite ? [] : this.#members.map(({ path }) => path.down());
    if (chance(this.#random, 0.3)) this.#server.feeds.forget();
    return () => {
      for (const up of ups) up();
    };
  }

  #kick(): undefined {
    const code = pick(this.#random, CODES);
    const all = chance(this.#random, 0.3);
    for (const link of [...this.#server.links]) if (all || chance(this.#random, 0.5)) link.close(code, "kicked");
    this.#run.count(`kicked with ${code}`);
  }

  #flap(): () => void {
    this.#flapping = true;
    for (const link of [...this.#server.links]) link.close(1001, "flapping");
    return () => {
      this.#flapping = false;
    };
  }

  #hang(): () => void {
    const ends = this.#members.map(({ path }) => path.impair(() => undefined));
    this.#server.hang();
    return () => {
      for (const end of ends) end();
      this.#server.wake(chance(this.#random, 0.8) ? "kept" : "lost");
    };
  }
}
