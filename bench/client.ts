// One contestant in a process of its own. It does what its parent says, one measure at a time, and tells what it took.
import { BARE, CONTESTANTS } from "./contestants/all.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { type Clock, MEASURES, type Sample } from "./measures.ts";

export interface Task {
  readonly measure: string;
  readonly base: string;
}

export interface Done extends Sample {
  /** Wall time of the work, in ms. */
  readonly wall: number;
  /** Processor time that this process took meanwhile, in ms. */
  readonly cpu: number;
}

const name = process.argv[2] ?? "";
const found = [BARE, ...CONTESTANTS].find((each) => each.name === name);
if (!found) throw new Error(`There is no contestant "${name}"`);
const contestant: Contestant = found;
const { gc } = globalThis as { gc?: () => void };

async function perform({ measure: wanted, base }: Task): Promise<Done> {
  const measure = MEASURES.find((each) => each.name === wanted);
  if (!measure) throw new Error(`There is no measure "${wanted}"`);
  let wall = 0;
  let cpu = 0;
  const clock: Clock = async (work) => {
    gc?.();
    const cpuBefore = process.cpuUsage();
    const begun = performance.now();
    await work();
    wall = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpuBefore);
    cpu = (user + system) / 1_000;
    return wall;
  };
  const sample = await measure.run(contestant, base, clock);
  return { ...sample, wall, cpu };
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
