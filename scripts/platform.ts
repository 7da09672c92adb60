import { dirname, resolve, sep } from "node:path";
import type { Plugin } from "esbuild";

/**
 * The two flavours of the package differ in two modules: in the Node flavour, platform-node.ts stands where platform.ts is
 * imported, in src/transport and in src/websocket. The build and the tests use this same rule.
 *
 * Returns the file to take instead, or nothing. Only imports from src/ are replaced (a test gets what it names), and
 * platform-node.ts itself may import platform.ts.
 */
export function nodePlatform(specifier: string, importer: string): string | undefined {
  if (!specifier.endsWith("/platform.ts")) return undefined;
  const target = resolve(dirname(importer), specifier);
  const folder = dirname(target);
  if (!/[/\\]src[/\\](transport|websocket)$/.test(folder)) return undefined;
  const replacement = resolve(folder, "platform-node.ts");
  const fromSource = importer.startsWith(dirname(folder) + sep);
  return fromSource && importer !== replacement ? replacement : undefined;
}

/** The rule for esbuild. */
export const nodePlatformPlugin: Plugin = {
  name: "node-platform",
  setup(build) {
    build.onResolve({ filter: /\/platform\.ts$/ }, ({ path, importer }) => {
      const replacement = nodePlatform(path, importer);
      return replacement === undefined ? undefined : { path: replacement };
    });
  },
};
