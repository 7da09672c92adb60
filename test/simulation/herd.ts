import { type Client, createClient } from "../../src/index.ts";
import type { Random } from "../../src/core/random.ts";
import { ManualNetwork } from "../../src/testing/manual-network.ts";
import { MemoryServer } from "../../src/testing/memory-server.ts";
import { integer, pick } from "../../src/testing/seeded-random.ts";
import type { Lie } from "./lies.ts";
import type { Run } from "./run.ts";

const SIZE = 1_000;
const WINDOW = 100;
/** Dials are drawn independently: in this many standard deviations there is room for chance, and for nothing else. */
const DEVIATIONS = 8;
const MARGIN = 1_000;
const MIN = 300;
const MAX = 30_000;

/** How a whole herd loses its links, and by what that scales its waits. */
const DROPS = [
  { code: 1001, scale: 1 },
  { code: 1006, scale: 1 },
  { code: 1012, scale: 2 },
] as const;

/**
 * Many clients of one server, which goes away at once for all of them: do they come back spread over the time that the
 * options promise? The share of each attempt that dials within 100 ms is compared with what its range of waits allows.
 */
export class Herd {
  readonly #run: Run;
  readonly #random: Random;
  readonly #base: number;
  readonly #server: MemoryServer;
  readonly #clients: readonly Client[];
  /** When each dial of the wave began, by the number of its attempt. */
  readonly #dials = new Map<number, number[]>();
  /** The largest share of the herd that dialled within 100 ms, where the options are the defaults. */
  #worst = 0;

  constructor(run: Run, lie: Lie = {}) {
    this.#run = run;
    this.#random = run.fork();
    this.#base = pick(this.#random, [3_000, 3_000, 1_000, 10_000]);
    const latency = (): number => integer(this.#random, 1, 100);
    this.#server = new MemoryServer({ clock: run.world, latency, keep: SIZE });
    this.#clients = Array.from({ length: SIZE }, (_, index) => this.#client(String(index), lie));
  }

  async play(): Promise<void> {
    const { world } = this.#run;
    for (const client of this.#clients) world.after(integer(this.#random, 0, 2_000), () => void client.connect());
    await this.#settled(15_000);
    for (let waves = integer(this.#random, 1, 3); waves > 0 && !this.#run.failed; waves--) await this.#wave();
    for (const client of this.#clients) void client.close();
    await this.#run.advance(10_000);
    this.#run.check(this.#server.live === 0, () => `the herd has left ${this.#server.live} sockets`);
    this.#run.check(world.pending === 0, () => `the herd has left ${world.pending} timers`);
    if (this.#base === 3_000) this.#run.herd = this.#worst;
  }

  #client(who: string, lie: Lie): Client {
    const random = lie.random ?? this.#run.fork();
    const { transport } = this.#server;
    const client = createClient({
      url: "ws://herd",
      clock: this.#run.world,
      network: new ManualNetwork(),
      random,
      transport,
      backoff: { min: MIN, base: this.#base, max: MAX },
    });
    client.on("state", (state) => {
      if (state.name !== "connecting" || state.phase !== "dial") return;
      this.#run.count("dials");
      this.#run.log(who, "dials", state.attempt);
      const times = this.#dials.get(state.attempt) ?? [];
      if (times.push(this.#run.world.now()) === 1) this.#dials.set(state.attempt, times);
    });
    return client;
  }

  /** A mass drop, after which the server is back at once or stays away for a while. */
  async #wave(): Promise<void> {
    const { code, scale } = pick(this.#random, DROPS);
    const away = pick(this.#random, [0, 0, 20_000]);
    this.#dials.clear();
    this.#run.fault("mass drop", "server", code);
    if (away > 0) this.#server.stop();
    else if (code === 1006) this.#server.dropAll();
    else this.#server.closeAll(code);
    await this.#run.advance(away);
    this.#server.start();
    await this.#settled(2 * MAX + MARGIN);
    for (const [attempt, times] of this.#dials) this.#check(attempt, times, away > 0 ? 1 : scale);
  }

  /** All are open, and have been for long enough to have forgotten their failures. */
  async #settled(within: number): Promise<void> {
    await this.#run.advance(within);
    const lost = this.#clients.filter(({ state }) => state.name !== "open").length;
    this.#run.check(lost === 0, () => `${lost} of the herd have not come back after ${within} ms`);
    await this.#run.advance(6_000);
  }

  /** The first wait after a busy server's word is scaled; dials that are refused after that are not. */
  #check(attempt: number, times: readonly number[], scale: number): void {
    const ceiling = Math.min(MAX, this.#base * (attempt === 1 ? scale : 1) * (attempt > 2 ? 2 ** (attempt - 1) : 1));
    const floor = Math.max(MIN, attempt > 2 ? ceiling / 2 : 0);
    const share = WINDOW / (ceiling - floor);
    const most = SIZE * share + DEVIATIONS * Math.sqrt(SIZE * share);
    let [start, found] = [0, 0];
    for (const [index, time] of times.entries()) {
      while ((times[start] ?? time) <= time - WINDOW) start++;
      found = Math.max(found, index + 1 - start);
    }
    this.#worst = Math.max(this.#worst, found / SIZE);
    const what = `${found} of ${SIZE} clients made attempt ${attempt} within ${WINDOW} ms`;
    this.#run.check(found <= most, () => `${what}, and at most ${Math.round(most)} should`);
  }
}
