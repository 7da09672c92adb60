// One contestant in a process of its own. It does what its parent says, one measure at a time, and tells what it took.
import { BARE, CONTESTANTS } from "./contestants/all.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { type Clock, MEASURES, type Sample } from "./measures.ts";
import { trade } from "./work.ts";

export interface Task {
  readonly measure: string;
  readonly base: string;
}

export interface Done extends Sample {
  /** Wall time of the work, in ms. */
  readonly wall: number;
  /** Processor time that this process took meanwhile, in ms. */
  readonly cpu: number;
  /** What a fixed piece of work took before and after it, in ms: how fast the processor was. */
  readonly speed: readonly number[];
}

const name = process.argv[2] ?? "";
const found = [BARE, ...CONTESTANTS].find((each) => each.name === name);
if (!found) throw new Error(`There is no contestant "${name}"`);
const contestant: Contestant = found;
const { gc } = globalThis as { gc?: () => void };

const TEXT = JSON.stringify(trade(1));

/** About 10 ms of work that nobody's code takes part in. */
function spin(): number {
  const { user } = process.cpuUsage();
  for (let i = 0; i < 25_000; i++) JSON.parse(TEXT);
  return (process.cpuUsage().user - user) / 1_000;
}

async function perform({ measure: wanted, base }: Task): Promise<Done> {
  const measure = MEASURES.find((each) => each.name === wanted);
  if (!measure) throw new Error(`There is no measure "${wanted}"`);
  let wall = 0;
  let cpu = 0;
  let speed: readonly number[] = [];
  const clock: Clock = async (work) => {
    gc?.(); // before it warms up: it throws away what was compiled for the last link
    await work();
    const before = spin();
    const cpuBefore = process.cpuUsage();
    const begun = performance.now();
    await work();
    wall = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu = (user + system) / 1_000;
    speed = [before, spin()];
    return wall;
  };
  const sample = await measure.run(contestant, base, clock);
  return { ...sample, wall, cpu, speed };
}

process.on("message", (task: Task) => {
  perform(task).then(
    (done) => process.send?.(done),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on("disconnect", () => process.exit());
