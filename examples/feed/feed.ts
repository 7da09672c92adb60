// A service that consumes the demo's feed and prints a line a second:
//   npm run feed -- [ws://127.0.0.1:8081/] [--seconds 30]
import { parseArgs } from "node:util";
import { createClient } from "holdfast";
import type { Api } from "../demo/api.ts";
import { Tally } from "./tally.ts";

const SYMBOLS = ["DULSE", "KELP", "WRACK"] as const;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: "string" } } });
const [url = "ws://127.0.0.1:8081/"] = positionals;
const seconds = Number(values.seconds ?? Infinity);
if (!(seconds > 0)) throw new TypeError("--seconds takes a number greater than 0");

const client = createClient<Api>({
  url,
  heartbeat: { interval: 2_000, timeout: 1_000 },
  backoff: { min: 200, base: 1_000, max: 5_000 },
});

const tally = new Tally();
let opened = 0;
let gaps = 0;
let rtt: number | undefined;
client.on("state", ({ name }) => {
  if (name === "open") opened++;
});
client.on("gap", () => {
  gaps++;
});
client.on("error", ({ code, message }) => {
  console.error(`${code}: ${message}`);
});
for (const symbol of SYMBOLS) void consume(symbol);
void client.connect();

const ticker = setInterval(() => {
  console.log(summary());
  void measure();
}, 1_000);
const end = Number.isFinite(seconds) ? setTimeout(stop, seconds * 1_000 + 50) : undefined;
process.once("SIGINT", stop);
process.once("SIGTERM", stop);

/** Asks for what was missed whenever the connection is back, and so sees each trade exactly once. */
async function consume(symbol: (typeof SYMBOLS)[number]): Promise<void> {
  const trades = client.subscribe(`trades.${symbol}`, {
    params: ({ lastSequence }: { lastSequence: number | undefined }) => ({ since: lastSequence }),
    sequence: (trade) => trade.seq,
    buffer: 10_000, // more than the server ever replays at once
  });
  for await (const trade of trades) tally.add(trade);
}

/** The heartbeat asks only when the feed is silent, which it never is: the round trip is measured by a request. */
async function measure(): Promise<void> {
  rtt = undefined;
  if (client.state.name !== "open") return;
  const asked = performance.now();
  try {
    await client.request("time", undefined, { timeout: 1_000, scope: "connection" });
    rtt = performance.now() - asked;
  } catch {
    // The next line shows the state of the connection, and so why there was no answer.
  }
}

function summary(): string {
  const { state } = client;
  return [
    new Date().toTimeString().slice(0, 8),
    state.name.padEnd(10),
    `${tally.fresh()} ticks/s`.padEnd(12),
    `total ${tally.total}`.padEnd(12),
    tally.prices(),
    `gaps ${gaps} (${tally.missing} lost)`,
    `duplicates ${tally.duplicates}`,
    `reconnects ${Math.max(0, opened - 1)}`,
    rtt === undefined ? "rtt -" : `rtt ${rtt.toFixed(1)} ms`,
    "retryAt" in state ? `${state.cause.code}, attempt ${state.attempt}` : "",
  ].join("  ");
}

/** Leaves nothing running, so the process ends by itself, with exit code 0. */
function stop(): void {
  clearInterval(ticker);
  clearTimeout(end);
  void client.close();
}
