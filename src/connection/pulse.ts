import { ConnectionError } from "../core/errors.ts";
import type { Shell } from "./shell.ts";

interface Told {
  measured(rtt: number): void;
}

/** A link as a heartbeat sees it that asks nobody: the peer talks by itself. What asks extends it by a `ping`. */
export class Pulse {
  protected readonly shell: Shell;
  readonly #told: Told | undefined;

  /** `told`: of round trips. */
  constructor(shell: Shell, told?: Told) {
    this.shell = shell;
    this.#told = told;
  }

  progressed(): boolean {
    return this.shell.progressed();
  }

  measured(rtt: number): void {
    this.#told?.measured(rtt);
  }

  dead(): void {
    const cause = new ConnectionError("HEARTBEAT_TIMEOUT", "No sign of life in time");
    this.shell.dispatch({ type: "ended", cause });
  }
}
