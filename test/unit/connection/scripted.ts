import type { AttemptContext, Provider } from "../../../src/connection/options.ts";
import type { World } from "./world.ts";

export type ContextRecord = Pick<AttemptContext, "attempt" | "refresh"> & { readonly cause: string | undefined };

/** A provider that answers in turn, and writes down what it was told. */
export function scripted(answers: readonly (() => unknown)[]): {
  readonly provider: Provider<string>;
  readonly contexts: AttemptContext[];
} {
  const contexts: AttemptContext[] = [];
  const provider = (context: AttemptContext): string => {
    contexts.push(context);
    // The cast: JavaScript providers answer anything.
    return answers[contexts.length - 1]?.() as string;
  };
  return { provider, contexts };
}

export function toldTo(contexts: readonly AttemptContext[]): ContextRecord[] {
  return contexts.map(({ attempt, refresh, cause }) => ({ attempt, refresh, cause: cause?.code }));
}

/** Connects, and waits for the connection to be open, failures or not. */
export async function untilOpen({ connection, clock }: World, within = 60_000): Promise<void> {
  void connection.connect();
  await clock.advanceUntil(() => connection.state.name === "open", within);
}
