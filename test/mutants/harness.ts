// Stands in for "vitest" where the same tests are run hundreds of times in one process (see hooks.ts): describe, it and
// the hooks collect, `expect` and `vi` are Vitest's own.
import { expect, vi } from "vitest";
import { inRoot } from "../../scripts/entries.ts";

type Hook = () => unknown;
type Body = (...args: never[]) => unknown;

interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  readonly before: Hook[];
  readonly after: Hook[];
  readonly beforeAll: Hook[];
  readonly afterAll: Hook[];
}

export interface Test {
  readonly name: string;
  readonly suite: Suite;
  readonly body: () => unknown;
}

/** No test of virtual time takes so long; it waits for what never comes. */
const PATIENCE = 3_000;

const top: Suite = { name: "", parent: undefined, before: [], after: [], beforeAll: [], afterAll: [] };
const finishing: Hook[] = [];
let suite = top;

/** What has been collected so far. */
export const tests: Test[] = [];

/** Loads a test file: its tests and hooks stand in a suite of their own. */
export async function collect(file: string): Promise<void> {
  suite = { name: file, parent: top, before: [], after: [], beforeAll: [], afterAll: [] };
  await import(inRoot(file));
  suite = top;
}

/** The whole name of a test. */
export function nameOf({ name, suite: within }: Test): string {
  const names = [name];
  for (let one = within; one.parent; one = one.parent) names.unshift(one.name);
  return names.join(" > ");
}

function eachOf(define: (name: string, body: Body) => void) {
  return (rows: readonly unknown[]) =>
    (name: string, body: Body): void => {
      for (const row of rows) {
        const args = (Array.isArray(row) ? row : [row]) as never[];
        const words = args.map(String);
        define(
          name.replace(/%[sdifjo]/g, () => words.shift() ?? ""),
          () => body(...args),
        );
      }
    };
}

function defineSuite(name: string, body: Body): void {
  const outer = suite;
  suite = { name, parent: outer, before: [], after: [], beforeAll: [], afterAll: [] };
  void body();
  suite = outer;
}

function defineTest(name: string, body: Body): void {
  tests.push({ name, suite, body: () => (body as (context: unknown) => unknown)({ expect, onTestFinished }) });
}

const each = eachOf(defineSuite);
export const describe = Object.assign(defineSuite, { each, concurrent: Object.assign(defineSuite, { each }) });
export const it = Object.assign(defineTest, { each: eachOf(defineTest) });
export const beforeEach = (hook: Hook): unknown => suite.before.push(hook);
export const afterEach = (hook: Hook): unknown => suite.after.push(hook);
export const beforeAll = (hook: Hook): unknown => suite.beforeAll.push(hook);
export const afterAll = (hook: Hook): unknown => suite.afterAll.push(hook);
export const onTestFinished = (hook: Hook): unknown => finishing.unshift(hook);
export { expect, vi };

/** Runs one test, with the hooks of its suites around it. Answers what went wrong, if something did. */
export async function runTest(one: Test): Promise<unknown> {
  const suites: Suite[] = [];
  for (let within: Suite | undefined = one.suite; within; within = within.parent) suites.unshift(within);
  const inward = suites.flatMap(({ beforeAll: all, before }) => [...all, ...before]);
  const outward = suites.reverse().flatMap(({ after, afterAll: all }) => [...after, ...all]);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error("it took too long"));
    }, PATIENCE);
  });
  let wrong: unknown;
  const attempt = async (part: Hook): Promise<void> => {
    try {
      await Promise.race([part(), late]);
    } catch (error) {
      wrong ??= error ?? "it threw nothing";
    }
  };
  for (const hook of inward) await attempt(hook);
  if (wrong === undefined) await attempt(one.body);
  for (const hook of finishing.splice(0)) await attempt(hook);
  for (const hook of outward) await attempt(hook);
  clearTimeout(timer);
  vi.unstubAllGlobals();
  return wrong;
}
