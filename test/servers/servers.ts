import { fileURLToPath } from "node:url";
import { callCases } from "./call-cases.ts";
import { cases as commonCases, fragments, large, protocolCase } from "./cases.ts";
import { FORWARD_PROXY } from "./forward-proxy.ts";
import { startSecureNode } from "./node-app.ts";
import { PROXIES } from "./proxies.ts";
import { freePort, Service } from "./service.ts";
import { STRANGERS } from "./strangers.ts";
import { badCertificateCases, tlsCases } from "./tls-cases.ts";
import type { Bench, ServerPlan, Target } from "./world.ts";

// Debian's own Python: another one in the PATH does not see Debian's packages.
const PYTHON = "/usr/bin/python3";
const LARGE = String(2 ** 27);
const cases = { ...commonCases, ...callCases };

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
    cases,
    slow: large,
    ...(implementation === "wsproto" && { remark: "copies all that it has with each piece that comes" }),
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
    cases,
    slow: large,
    remark: "closes with 1001 when it is told to end, but its handler, which ends as well, is quicker with 1000",
  },
  {
    name: "websockets (Python)",
    debian: ["python3-websockets"],
    start: single((port) => [PYTHON, APPS.websockets, port]),
    cases: { ...cases, ...fragments },
    slow: large,
  },
  {
    name: "Deno",
    debian: [],
    npm: "deno",
    start: single((port, { tool }) => [tool("deno/deno"), "run", "--allow-net=127.0.0.1", APPS.deno, port]),
    cases: { ...cases, ...protocolCase("first") },
    slow: large,
    remark: "takes `first,second`, which is how `ws` offers two subprotocols, for the name of one, and answers 500",
  },
  {
    name: "Bun",
    debian: [],
    npm: "bun",
    start: single((port, { tool }) => [tool("bun/bin/bun.exe"), "run", APPS.bun, port]),
    cases,
    slow: large,
  },
  {
    name: "Node with `ws`",
    debian: [],
    start: startSecureNode,
    cases: { ...cases, ...fragments, ...tlsCases, ...badCertificateCases },
    slow: large,
  },
  ...PROXIES,
  FORWARD_PROXY,
  ...STRANGERS,
];
