import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { inRoot } from "../../scripts/entries.ts";
import type { EngineName } from "./browser.ts";
import { ExamplePage } from "./example-page.ts";
import { ensure, EVERYWHERE, ms, type Scenario, type Stage } from "./scenario.ts";
import { elapse, until } from "./wait.ts";

/** The server of `npm start`, in a process of its own. */
async function startServer(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const server = spawn(process.execPath, [inRoot("examples/demo/server.ts")], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /^holdfast demo: (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { url, process: server };
  }
  throw new Error("The demo did not start");
}

/** The page as its user sees it. */
class Demo extends ExamplePage {
  async count(id: string): Promise<number> {
    return Number((await this.text(id)).replaceAll(",", ""));
  }

  /** What the newest request was answered. */
  async answer(): Promise<unknown> {
    return this.tab.ask(`document.querySelector('#calls [data-outcome="ok"] output')?.textContent ?? ""`);
  }

  /** Waits until the log tells of it, after that fault was asked for. */
  async tells(pattern: RegExp, fault: string): Promise<void> {
    const read = async (): Promise<string> =>
      (await this.text("log")).split(`You asked the server to ${fault}`)[0] ?? "";
    try {
      await until(`${String(pattern)} in the log`, async () => (pattern.test(await read()) ? true : undefined));
    } catch (error) {
      throw new Error(`${String(error)}; it says: ${await read()}`, { cause: error });
    }
  }

  /** Trades go on coming, and none was lost or doubled. */
  async isSound(): Promise<void> {
    const before = await this.count("trades");
    await until("more trades", async () => ((await this.count("trades")) > before ? true : undefined));
    const [lost, doubled] = [await this.count("lost"), await this.count("doubled")];
    ensure(lost === 0 && doubled === 0, `${String(lost)} trades lost, ${String(doubled)} doubled`);
  }

  /** Presses a button of "Hurt it", waits until the page says what happened, and then until it is open again. */
  async hurt(fault: string, seen: RegExp): Promise<number> {
    const began = Date.now();
    await this.click(`hurt-${fault}`);
    await this.tells(seen, fault);
    await this.picture(fault);
    await this.shows("Open");
    const back = Date.now() - began;
    await until("the missed trades", async () => ((await this.count("backfilled")) > 0 ? true : undefined));
    await this.isSound();
    return back;
  }
}

type Run = (demo: Demo, engine: EngineName) => Promise<string>;

async function withDemo({ browser }: Stage, run: Run): Promise<string> {
  const server = await startServer();
  try {
    const demo = new Demo(await browser.open(), `demo/${browser.engine}`);
    await demo.load(server.url);
    await demo.shows("Open");
    const seen = await run(demo, browser.engine);
    await demo.leave();
    return seen;
  } finally {
    const ended = once(server.process, "exit");
    server.process.kill();
    await ended;
  }
}

async function opens(demo: Demo): Promise<string> {
  const price = await demo.text("price-KELP");
  await until("another price", async () => ((await demo.text("price-KELP")) === price ? undefined : true));
  await until("a round trip", async () => ((await demo.text("rtt")) === "–" ? undefined : true));
  await demo.isSound();
  await elapse(1_500); // some trades, to be seen on the picture
  await demo.picture("open");
  await demo.darkPicture("open-dark");
  await demo.narrowPicture("open-narrow");
  return `prices move, round trip ${await demo.text("rtt")}`;
}

async function recovers(demo: Demo, engine: EngineName): Promise<string> {
  const drop = await demo.hurt("drop", /CONNECTION_LOST/);
  const stall = await demo.hurt("stall", /HEARTBEAT_TIMEOUT/);
  // libsoup takes 1012 for an error of the protocol: see lifecycle/close-codes.ts.
  const restart = await demo.hurt("restart", engine === "WebKitGTK" ? /1006/ : /1012/);
  return `Drop: open after ${ms(drop)}; Stall: ${ms(stall)}; Restart: ${ms(restart)}; nothing lost or doubled`;
}

async function refuses(demo: Demo): Promise<string> {
  const began = Date.now();
  await demo.click("hurt-refuse");
  await demo.tells(/DIAL_FAILED/, "refuse");
  await demo.choose("method", "sum");
  await demo.choose("timeout", "30000"); // the outage is longer than what the form proposes
  await demo.click("send");
  await until("one message in the outbox", async () =>
    (await demo.text("outbox")).startsWith("1 ") ? true : undefined,
  );
  await demo.click("reconnect");
  await until("two failures in a row", async () => ((await demo.count("attempt")) >= 2 ? true : undefined));
  await demo.picture("refuse");
  const open = await demo.shows("Open");
  await until("the answer", async () => ((await demo.answer()) === "3" ? true : undefined));
  await demo.isSound();
  await demo.picture("recovered");
  return `open ${ms(open - began)} after it was refused for 10 s; the request that waited is answered`;
}

function demo(sentence: string, length: Scenario["length"], run: Run): Scenario {
  return { sentence, engines: EVERYWHERE, length, run: (stage) => withDemo(stage, run) };
}

export const demos: readonly Scenario[] = [
  demo("`npm start`: the page opens, and prices move", "quick", opens),
  demo("`npm start`: Drop, Stall and Restart, and everything that was missed is filled in", "long", recovers),
  demo("`npm start`: Refuse, with a request that waits in the outbox", "long", refuses),
];
