// npm run bench:browser [-- --rounds 7 --write]
// In Chromium: the main thread's time for a message, in and out, and the longest task during a flood of 50,000.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import puppeteer, { type CDPSession, type Page } from "puppeteer-core";
import { inRoot } from "../../scripts/entries.ts";
import { toTable } from "../../scripts/markdown-table.ts";
import { ENGINES, setUp } from "../../test/browsers/engines.ts";
import { machine, versions, writeResults } from "../page.ts";
import { ServerProcess } from "../processes.ts";
import { cellOf, medianOf, spreadOf } from "../statistics.ts";
import type { Bench } from "./page.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, write: { type: "boolean", default: false } },
});

const INBOUND = 50_000;
const OUTBOUND = 20_000;

interface Round {
  /** Microseconds of the main thread for a message. */
  readonly inbound: number;
  readonly outbound: number;
  /** Milliseconds. */
  readonly longest: number;
}

async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [inRoot("bench/browser/page.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
  });
  return outputFiles[0]?.text ?? "";
}

interface Tab {
  readonly page: Page;
  readonly session: CDPSession;
}

/** A work in the page, and the processor time in s that the tasks of its main thread took for it. */
async function taskTime({ page, session }: Tab, work: string): Promise<number> {
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
  };
  const before = await spent();
  await page.evaluate(work);
  return (await spent()) - before;
}

async function roundOf(tab: Tab, name: string, base: string): Promise<Round> {
  const { page } = tab;
  const open = (role: string): Promise<unknown> =>
    page.evaluate(`bench.open(${JSON.stringify(name)}, ${JSON.stringify(`${base}/plain/${role}`)})`);
  await open("flood");
  const inbound = await taskTime(tab, `bench.inbound(${INBOUND})`);
  const longest = Number(await page.evaluate("bench.close()"));
  await open(`sink/${OUTBOUND}`);
  const outbound = await taskTime(tab, `bench.outbound(${OUTBOUND})`);
  await page.evaluate("bench.close()");
  return { inbound: (1e6 * inbound) / INBOUND, outbound: (1e6 * outbound) / OUTBOUND, longest };
}

async function measure(tab: Tab, base: string, rounds: number): Promise<ReadonlyMap<string, readonly Round[]>> {
  const names = (await tab.page.evaluate("bench.names")) as Bench["names"];
  const found = new Map<string, Round[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const one = await roundOf(tab, name, base);
      if (round > 0) found.set(name, [...(found.get(name) ?? []), one]); // the first warms up
    }
  }
  return found;
}

function tableOf(found: ReadonlyMap<string, readonly Round[]>): string {
  const cell = (numbers: readonly number[]): string => cellOf(spreadOf(numbers));
  const rows = [...found].map(([name, rounds]) => {
    const longest = medianOf(rounds.map((each) => each.longest));
    return [
      name,
      cell(rounds.map(({ inbound }) => inbound)),
      cell(rounds.map(({ outbound }) => outbound)),
      longest === 0 ? "under 50 ms" : `${longest.toFixed(0)} ms`,
    ];
  });
  return toTable(
    [["main thread, µs a message", "inbound", "outbound", "longest task of the flood"], ...rows],
    "numbers",
  );
}

const chromium = ENGINES.filter(({ key }) => key === "chromium");
const obstacle = (await setUp(chromium)).get("Chromium");
if (obstacle !== undefined) throw new Error(`Chromium: ${obstacle}`);
const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
  "/": ["text/html", '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>'],
  "/page.js": ["text/javascript", await script()],
};
const site = createServer(({ url = "/" }, response) => {
  const [type, text] = files[url] ?? ["text/plain", ""];
  response.writeHead(200, { "content-type": type }).end(text);
});
await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
await using server = await ServerProcess.start();
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-background-networking"],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${String((site.address() as AddressInfo).port)}/`);
  await page.waitForFunction("typeof bench === 'object'");
  const session = await page.createCDPSession();
  // Processor time of the thread, so that it does not matter what else the machine does.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const table = tableOf(await measure({ page, session }, server.url, Number(values.rounds)));
  console.log(table);
  if (values.write) {
    const version = (await browser.version()).replace("Headless", "").replace("/", " ");
    const packages = versions(["reconnecting-websocket", "partysocket"]);
    await writeResults("browser", `${machine()}; ${version}; ${packages}\n\n${table}`);
  }
} finally {
  await browser.close();
  site.close();
}
