/** What a run adds up to. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Prints the closing lines, and makes the process fail if anything failed or nothing ran. */
export function conclude({ passed, failed, skipped }: Tally): void {
  if (failed > 0 || passed === 0) process.exitCode = 1;
  if (skipped > 0) console.log(`${String(skipped)} skipped: see above`);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
}
