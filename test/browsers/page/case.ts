import type { Package } from "./probe.ts";
import type { RemoteWorld } from "./remote-world.ts";

/** What a case works with: the package, and a server that is its own. */
export interface Setting {
  readonly holdfast: Package;
  readonly world: RemoteWorld;
}

/** One sentence about behaviour, and the code that checks it. It may answer a figure in milliseconds. */
export type Case = readonly [sentence: string, run: (setting: Setting) => Promise<number | undefined>];
