import { access, rm, writeFile } from "node:fs/promises";
import { lastWill } from "../test/support/last-will.ts";
import { run } from "./temp-project.ts";

/** With this file a package that is installed does not start its daemon: 101 means "not allowed". */
const POLICY = "/usr/sbin/policy-rc.d";
const ROOT = { cwd: "/" };
let updated = false;

/**
 * Installs Debian packages, with nothing that they only recommend, and without starting the daemons in them. What is
 * there already is left alone. Answers why that was not possible, if it was not.
 */
export async function installDebian(packages: readonly string[]): Promise<string | undefined> {
  const missing: string[] = [];
  for (const name of packages) if ((await debianVersion(name)) === undefined) missing.push(name);
  if (missing.length === 0) return undefined;
  const needed = missing.join(", ");
  if (!(await exists("/usr/bin/apt-get"))) return `this is not Debian, and it needs what the packages ${needed} have`;
  if (process.getuid?.() !== 0) return `only root can install ${needed}`;
  console.log(`Installing ${needed}`);
  return withoutDaemons(() => install(missing));
}

/** The version of an installed package, without what Debian adds to it. */
export async function debianVersion(name: string): Promise<string | undefined> {
  const format = "--showformat=${db:Status-Status} ${Version}";
  const { code, output } = await run("dpkg-query", ["--show", format, name], ROOT);
  const [status, version] = output.split(" ");
  if (code !== 0 || status !== "installed" || version === undefined) return undefined;
  return version.replace(/^\d+:/, "").replace(/[-+].*$/, "");
}

async function install(packages: readonly string[]): Promise<string | undefined> {
  // Another apt may be at work; wait for it.
  const settings = ["-qq", "-o", "DPkg::Lock::Timeout=120"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const steps = [["install", "-y", "--no-install-recommends", ...packages]];
  if (!updated) steps.unshift(["update"]);
  for (const step of steps) {
    const { code, output } = await run("apt-get", [...settings, ...step], { ...ROOT, env });
    if (code !== 0)
      return `apt-get ${step.join(" ")}: ${output.split("\n").find((line) => line.startsWith("E:")) ?? ""}`;
  }
  updated = true;
  return undefined;
}

async function withoutDaemons<Result>(work: () => Promise<Result>): Promise<Result> {
  const own = !(await exists(POLICY));
  const forget = own ? lastWill(`rm -f ${POLICY}`) : (): void => undefined;
  if (own) await writeFile(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return await work();
  } finally {
    if (own) await rm(POLICY, { force: true });
    forget();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
