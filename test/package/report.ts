import type { TempProject } from "../../scripts/temp-project.ts";

/** One thing that was checked; with an error if it was not so. */
export interface Check {
  readonly name: string;
  readonly error?: string;
}

/** What was found about one consumer of the package. */
export class Report {
  readonly checks: Check[] = [];
  /** Bytes, minified and gzipped, by the name of an application. */
  readonly sizes = new Map<string, number>();

  /** Notes whether `body` ends well. A check that fails does not stop those after it. */
  async check(name: string, body: () => unknown): Promise<void> {
    try {
      await body();
      this.checks.push({ name });
    } catch (error) {
      this.checks.push({ name, error: error instanceof Error ? error.message : String(error) });
    }
  }

  get failed(): readonly Check[] {
    return this.checks.filter(({ error }) => error !== undefined);
  }
}

/** What checks may use. */
export interface Bench {
  /** The packed package. */
  readonly tarball: string;
  /** A server that sends back what it gets. */
  readonly echoUrl: string;
}

/** Something that the package is given to: a bundler, a compiler, a runtime, a test runner. */
export interface Consumer {
  readonly name: string;
  /** What npm installs beside the package. */
  readonly packages: readonly string[];
  /** The version that the table names. */
  readonly version: (project: TempProject) => string | Promise<string>;
  /** What the project's package.json has beside its name. */
  readonly manifest?: object;
  /** What is checked, in a few words, for the table. */
  readonly what: string;
  /** Whether it takes long: `--quick` leaves it out. */
  readonly slow?: true;
  readonly check: (report: Report, project: TempProject, bench: Bench) => Promise<void>;
}

/** Throws unless a command ended well. */
export function expectSuccess({ code, output }: { readonly code: number; readonly output: string }): void {
  if (code !== 0) throw new Error(`it ended with ${String(code)}: ${output.slice(-2_000)}`);
}
