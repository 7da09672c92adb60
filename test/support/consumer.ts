import { mkdir, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { inRoot } from "../../scripts/entries.ts";
import { packTo, TempProject } from "../../scripts/temp-project.ts";

/** What the package itself depends on. */
const DEPENDENCIES = ["eventemitter3", "isomorphic-ws", "ws"];

/**
 * A project in a temporary folder that has the package as npm would install it, without any network: unpacked from what
 * `npm pack` makes of dist/. Its other packages are this repository's.
 */
export async function consumer(
  name: string,
  packages: readonly string[] = [],
  manifest?: object,
): Promise<TempProject> {
  const project = await TempProject.create(name, manifest);
  const target = project.file("node_modules/holdfast");
  await mkdir(target, { recursive: true });
  const { code, output } = await project.run("tar", [
    ...["--extract", "--strip-components=1"],
    ...["--file", await packTo(project)],
    ...["--directory", target],
  ]);
  if (code !== 0) throw new Error(`tar: ${output}`);
  for (const package_ of [...DEPENDENCIES, ...packages]) {
    const link = project.file(`node_modules/${package_}`);
    await mkdir(dirname(link), { recursive: true });
    await symlink(inRoot(`node_modules/${package_}`), link);
  }
  return project;
}
