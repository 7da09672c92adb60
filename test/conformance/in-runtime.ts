import { existsSync } from "node:fs";
import type { TempProject } from "../../scripts/temp-project.ts";
import { bundleScript } from "../runtimes/bundle.ts";
import type { RuntimePlan } from "../runtimes/plans.ts";
import type { Addresses, Kind, Results } from "./subjects.ts";

const SCRIPT = "conformance.mjs";

/** Puts the suite into a project in which the package is installed. */
export async function prepareScript(app: TempProject): Promise<void> {
  await bundleScript("../conformance/entry-script.ts", app.file(SCRIPT));
}

/** Runs the suite, which lies in `app`, on the runtime that is installed in `tools`. */
export async function runInRuntime(
  plan: RuntimePlan,
  tools: TempProject,
  app: TempProject,
  addresses: Addresses,
): Promise<Results> {
  const executable = tools.file(`node_modules/${plan.alias}/${plan.executable}`);
  if (!existsSync(executable)) throw new Error(`${executable} is not there`);
  const kinds: readonly Kind[] = ["platform", "ws", "native"];
  // `ws` as users have it, and a runtime that calls nobody.
  const env = { WS_NO_BUFFER_UTIL: "1", DENO_DIR: app.file(".deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const { code, output } = await app.run(
    executable,
    // Deno: cases dial other names of this machine, too.
    [
      ...plan.arguments.map((each) => each.replace(/^--allow-net=.*/, "--allow-net")),
      SCRIPT,
      JSON.stringify(kinds),
      JSON.stringify(addresses),
    ],
    { env, timeout: 300_000 },
  );
  const line = output.split("\n").find((each) => each.startsWith("{"));
  if (code !== 0 || line === undefined) throw new Error(`It did not finish the suite: ${output.slice(0, 1_000)}`);
  return JSON.parse(line) as Results; // written by entry-script.ts
}
