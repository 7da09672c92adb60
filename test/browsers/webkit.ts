import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";

import type { Browser, Launch, Tab } from "./browser.ts";
import { processTree } from "./processes.ts";
import { until } from "./wait.ts";

const LIBRARIES = "/usr/lib";
/** Of the display, in pixels; it has room for a page that is looked at as a whole. */
const HEIGHT = 1_500;

const ENVIRONMENT = {
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  // Under the locale C.UTF-8 of a bare machine `navigator.language` is "C", which `Intl` refuses. Under C it is "en-US".
  LC_ALL: "C",
};

/** The browser that comes with WebKitGTK; its folder is named after the version of the API. */
export function findMiniBrowser(): string | undefined {
  for (const platform of readdirSync(LIBRARIES).filter((name) => name.endsWith("-linux-gnu"))) {
    const folder = `${LIBRARIES}/${platform}`;
    const webkit = readdirSync(folder).filter((name) => name.startsWith("webkit2gtk-"));
    const found = webkit.find((name) => readdirSync(`${folder}/${name}`).includes("MiniBrowser"));
    if (found !== undefined) return `${folder}/${found}/MiniBrowser`;
  }
  return undefined;
}

/** By WebDriver, https://www.w3.org/TR/webdriver2/, which is JSON over HTTP; under Xvfb, since WebKitGTK knows no headless mode. */
export const launchWebKit: Launch = async () => {
  const binary = findMiniBrowser();
  if (binary === undefined) throw new Error("There is no MiniBrowser");
  const display = await startDisplay();
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${String(port)}`, "--host=127.0.0.1"], {
    env: { ...process.env, ...ENVIRONMENT, DISPLAY: display.name },
    stdio: "ignore",
  });
  const wire = new Wire(`http://127.0.0.1:${String(port)}`);
  await until("WebKitWebDriver", async () => ((await wire.isUp()) ? true : undefined));
  const options = { binary, args: ["--automation"] };
  const session = (await wire.send("POST", "/session", {
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
  })) as Session; // what the specification says
  wire.session = `/session/${session.sessionId}`;
  await wire.send("POST", "/timeouts", { script: 120_000 });
  const window = String(await wire.send("GET", "/window"));
  return new WebKit(wire, session.capabilities.browserVersion, window, [driver, display.process]);
};

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

async function startDisplay(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  // With -displayfd the server chooses a number that is free, and says which.
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `1280x${String(HEIGHT)}x24`, "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const pipe = server.stdio[3];
  if (!pipe) throw new Error("Xvfb has no third pipe");
  const [number] = (await once(pipe, "data")) as [Buffer]; // a pipe without an encoding gives buffers
  return { name: `:${number.toString().trim()}`, process: server };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  server.close();
  return port;
}

/** The commands of one session. */
class Wire {
  session = "";
  readonly #base: string;
  #window: string | undefined;

  constructor(base: string) {
    this.#base = base;
  }

  async isUp(): Promise<boolean> {
    return fetch(`${this.#base}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async send(method: "GET" | "POST" | "DELETE", path: string, body: object = {}): Promise<unknown> {
    const init = method === "POST" ? { method, body: JSON.stringify(body) } : { method };
    const answer = await fetch(`${this.#base}${this.session}${path}`, init);
    const { value } = (await answer.json()) as { readonly value: unknown }; // what the specification says
    if (!answer.ok) throw new Error(`WebDriver ${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  }

  /** Commands go to the current window, so that comes first. */
  async sendTo(window: string, method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<unknown> {
    if (this.#window !== window) await this.send("POST", "/window", { handle: window });
    this.#window = window;
    return this.send(method, path, body);
  }
}

class WebKit implements Browser {
  readonly engine = "WebKitGTK";
  readonly version: string;
  readonly #wire: Wire;
  /** The window that it began with. It is the only one that WebKit takes for visible. */
  readonly #window: string;
  readonly #processes: readonly ChildProcess[];

  constructor(wire: Wire, version: string, window: string, processes: readonly ChildProcess[]) {
    this.#wire = wire;
    this.version = version;
    this.#window = window;
    this.#processes = processes;
  }

  /** Those that the driver has started: it has to go on itself. */
  processes(): readonly number[] {
    return processTree(this.#processes[0]?.pid ?? 0).slice(1);
  }

  /** In front there is one tab, again and again. */
  async open(place: "front" | "behind" = "front"): Promise<Tab> {
    if (place === "front") return tabOf(this.#wire, this.#window);
    const answer = await this.#wire.sendTo(this.#window, "POST", "/window/new", { type: "tab" });
    const { handle } = answer as { readonly handle: string }; // what the specification says
    return tabOf(this.#wire, handle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wire.send("DELETE", "");
    for (const process of this.#processes) process.kill();
  }
}

function tabOf(wire: Wire, handle: string): Tab {
  return {
    goto: async (url) => {
      await wire.sendTo(handle, "POST", "/url", { url });
    },
    back: async () => {
      await wire.sendTo(handle, "POST", "/back");
    },
    ask: async (expression) => {
      const script = `const done = arguments[0];
        Promise.resolve().then(() => (${expression})).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const outcome = await wire.sendTo(handle, "POST", "/execute/async", { script, args: [] });
      const { value, error } = outcome as { readonly value?: unknown; readonly error?: string }; // of the script above
      if (error !== undefined) throw new Error(error);
      return value;
    },
    resize: async (width) => {
      await wire.sendTo(handle, "POST", "/window/rect", { width, height: HEIGHT });
    },
    screenshot: async () => Buffer.from(String(await wire.sendTo(handle, "GET", "/screenshot")), "base64"),
    close: async () => {
      await wire.sendTo(handle, "DELETE", "/window");
    },
  };
}
