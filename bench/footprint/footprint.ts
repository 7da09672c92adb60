// What a client weighs before it has done anything: heap, construction, import, and what a page downloads.
import { brotliCompressSync } from "node:zlib";
import { inRoot } from "../../scripts/entries.ts";
import { toTable } from "../../scripts/markdown-table.ts";
import { pageBundle } from "../../scripts/page-bundle.ts";
import { run } from "../../scripts/temp-project.ts";
import { BARE } from "../contestants/all.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { ServerProcess } from "../processes.ts";
import { cellOf, spreadOf } from "../statistics.ts";

/** What a page imports of each, and the specifier that Node imports. */
const IMPORTS: Readonly<Record<string, readonly [module: string, name: string]>> = {
  "bare ws": ["ws", ""],
  holdfast: ["holdfast", "createClient"],
  "holdfast/connection": ["holdfast/connection", "Connection"],
  "holdfast/websocket": ["holdfast/websocket", "ReconnectingWebSocket"],
  "reconnecting-websocket": ["reconnecting-websocket", "default"],
  partysocket: ["partysocket", "WebSocket"],
  "websocket-ts": ["websocket-ts", "WebsocketBuilder"],
  "rpc-websockets": ["rpc-websockets", "Client"],
  "socket.io": ["socket.io-client", "io"],
  Phoenix: ["phoenix", "Socket"],
  "tRPC wsLink": ["@trpc/client", "createTRPCClient, createWSClient, wsLink"],
  SignalR: ["@microsoft/signalr", "HubConnectionBuilder"],
  centrifuge: ["centrifuge", "Centrifuge"],
  NATS: ["@nats-io/nats-core", "wsconnect"],
};

async function node(...args: string[]): Promise<number> {
  const { code, output } = await run(process.execPath, args, { cwd: inRoot("."), timeout: 60_000 });
  const number = Number(output.split("\n").at(-1));
  if (code !== 0 || Number.isNaN(number)) throw new Error(`${args.join(" ")}: ${output}`);
  return number;
}

/** The time of an import in a fresh process, in ms, where `ws` has been imported already. */
function importTime(module: string): Promise<number> {
  const first = module === "ws" ? "" : 'await import("ws");';
  const script = `${first} const begun = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - begun);`;
  return node("--input-type=module", "-e", script);
}

/** The median with the least and the most. */
async function importTimes(rounds: number): Promise<ReadonlyMap<string, string>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, [module]] of Object.entries(IMPORTS)) {
      const time = await importTime(module);
      if (round > 0) times.set(name, [...(times.get(name) ?? []), time]); // the first fills the disk cache
    }
  }
  return new Map([...times].map(([name, each]) => [name, cellOf(spreadOf(each), 1, " ms")]));
}

async function bundle(entry: string, name: string): Promise<readonly [gzip: number, brotli: number]> {
  const { code, gzipped } = await pageBundle({ entry, name });
  return [gzipped, brotliCompressSync(code).length];
}

async function rowOf({ name, make }: Contestant, base: string, bare: number, imported = "–"): Promise<string[]> {
  const heap =
    name === BARE.name ? bare : await node("--expose-gc", inRoot("bench/footprint/memory-main.ts"), name, base);
  const construction = make && (await node(inRoot("bench/footprint/construction-main.ts"), name));
  const [module, exported] = IMPORTS[name] ?? [];
  const sizes = module && exported ? await bundle(module, exported) : [];
  return [
    name,
    `${(heap / 1_000).toFixed(1)} kB`,
    name === BARE.name ? "–" : `${((heap - bare) / 1_000).toFixed(1)} kB`,
    construction === undefined ? "–" : `${construction.toFixed(1)} µs`,
    imported,
    ...[0, 1].map((at) => (sizes[at] === undefined ? "–" : `${(sizes[at] / 1_000).toFixed(1)} kB`)),
  ];
}

const HEAD = ["", "heap, idle", "above bare", "construction", "import", "min + gzip", "min + brotli"];

/** The table. */
export async function footprint(contestants: readonly Contestant[]): Promise<string> {
  await using server = await ServerProcess.start();
  const imports = await importTimes(15);
  const bare = await node("--expose-gc", inRoot("bench/footprint/memory-main.ts"), BARE.name, server.url);
  const rows: string[][] = [];
  for (const contestant of [BARE, ...contestants]) {
    rows.push(await rowOf(contestant, server.url, bare, imports.get(contestant.name)));
    console.error(rows.at(-1)?.join("  "));
  }
  return toTable([HEAD, ...rows], "numbers");
}
