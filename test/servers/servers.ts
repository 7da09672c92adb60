import { fileURLToPath } from "node:url";
import { cases, fragments, large, largeCase, protocolCase } from "./cases.ts";
import { PROXIES, startNode } from "./proxies.ts";
import { freePort, Service } from "./service.ts";
import { STRANGERS } from "./strangers.ts";
import type { Bench, ServerPlan, Target } from "./world.ts";

// Debian's own Python: another one in the PATH does not see Debian's packages.
const PYTHON = "/usr/bin/python3";
const LARGE = String(2 ** 27);

const APPS = {
  aiohttp: fileURLToPath(new URL("apps/aiohttp_app.py", import.meta.url)),
  websockets: fileURLToPath(new URL("apps/websockets_app.py", import.meta.url)),
  folder: fileURLToPath(new URL("apps", import.meta.url)),
  deno: fileURLToPath(import.meta.resolve("./apps/deno.js")),
  bun: fileURLToPath(import.meta.resolve("./apps/bun.js")),
};

/** A server that is one process, told its port. */
function single(
  how: (port: string, bench: Bench) => readonly [command: string, ...args: string[]],
): (bench: Bench) => Promise<Target & AsyncDisposable> {
  return async (bench) => {
    const port = await freePort();
    const [command, ...args] = how(String(port), bench);
    const env = { PYTHONDONTWRITEBYTECODE: "1", DENO_DIR: `${bench.folder}/deno`, DENO_NO_UPDATE_CHECK: "1" };
    return target(port, await Service.start({ command, args, port, cwd: bench.folder, env }));
  };
}

function target(port: number, service: Service): Target & AsyncDisposable {
  const url = `ws://127.0.0.1:${String(port)}`;
  return { url, service, inner: service, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

function uvicorn(implementation: "websockets" | "wsproto"): ServerPlan {
  return {
    name: `FastAPI on uvicorn, --ws ${implementation}`,
    debian: ["uvicorn", "python3-fastapi", `python3-${implementation}`],
    start: single((port) => [
      ...([PYTHON, "-m", "uvicorn", "fastapi_app:app", "--app-dir", APPS.folder, "--host", "127.0.0.1"] as const),
      ...["--port", port, "--ws", implementation, "--ws-max-size", LARGE, "--log-level", "warning"],
    ]),
    // wsproto copies all that it has with each piece that comes: 64 MB take it longer than a heartbeat waits.
    cases: { ...cases, ...largeCase(implementation === "wsproto" ? 16 : 64) },
  };
}

/** Every server that the client is tried against. */
export const SERVERS: readonly ServerPlan[] = [
  uvicorn("websockets"),
  uvicorn("wsproto"),
  {
    name: "aiohttp",
    debian: ["python3-aiohttp"],
    start: single((port) => [PYTHON, APPS.aiohttp, port]),
    cases: { ...cases, ...large },
  },
  {
    name: "websockets (Python)",
    debian: ["python3-websockets"],
    start: single((port) => [PYTHON, APPS.websockets, port]),
    cases: { ...cases, ...large, ...fragments },
  },
  {
    name: "Deno",
    debian: [],
    npm: "deno",
    start: single((port, { tool }) => [tool("deno/deno"), "run", "--allow-net=127.0.0.1", APPS.deno, port]),
    // It takes "first,second", which is how `ws` offers two, for the name of one, and answers 500.
    cases: { ...cases, ...large, ...protocolCase("first") },
  },
  {
    name: "Bun",
    debian: [],
    npm: "bun",
    start: single((port, { tool }) => [tool("bun/bin/bun.exe"), "run", APPS.bun, port]),
    cases: { ...cases, ...large },
  },
  {
    name: "Node with `ws`",
    debian: [],
    start: async (bench) => {
      const port = await freePort();
      return target(port, await startNode(bench, port));
    },
    cases: { ...cases, ...large, ...fragments },
  },
  ...PROXIES,
  ...STRANGERS,
];
