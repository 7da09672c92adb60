import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { inRoot } from "../../scripts/entries.ts";
import { joinRoom } from "../../examples/chat/room.js";
import { createClient } from "../../src/index.ts";
import { ExamplePage } from "./example-page.ts";
import { ensure, EVERYWHERE, ms, type Scenario, type Stage } from "./scenario.ts";
import { until } from "./wait.ts";

/** The server of examples/chat, on a port that it keeps across a restart. */
class ChatServer implements AsyncDisposable {
  #process: ChildProcess | undefined;
  #port = 0;

  get host(): string {
    return `127.0.0.1:${String(this.#port)}`;
  }

  async start(): Promise<void> {
    const args = ["-B", "-m", "uvicorn", "--app-dir", inRoot("examples/chat"), "server:app"];
    const stdio = ["ignore", "ignore", "pipe"] as const;
    const server = spawn("/usr/bin/python3", [...args, "--port", String(this.#port)], { stdio: [...stdio] });
    this.#process = server;
    const said: string[] = [];
    for await (const line of createInterface({ input: server.stderr })) {
      said.push(line);
      const port = /running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      this.#port = Number(port);
      server.stderr.resume(); // nobody reads on, and nobody may wait for that
      return;
    }
    throw new Error(`The chat server did not start: ${said.join(" ")}`);
  }

  async kill(): Promise<void> {
    if (!this.#process) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** The page of one who chats. */
class Chat extends ExamplePage {
  async join(name: string): Promise<void> {
    await this.choose("name", name);
    await this.click("join");
    await this.shows("Connected");
  }

  async say(text: string): Promise<void> {
    await this.choose("text", text);
    await this.click("say");
  }

  /** Waits for a message, "sending" or "sent". */
  async has(text: string, status: string): Promise<void> {
    const all = `[...document.querySelectorAll("#messages li")].map((row) => row.dataset.status + " " + row.querySelector(".text")?.textContent).join("\\n")`;
    await until(`"${text}", ${status}`, async () =>
      String(await this.tab.ask(all))
        .split("\n")
        .includes(`${status} ${text}`)
        ? true
        : undefined,
    );
  }
}

async function talks({ browser }: Stage): Promise<string> {
  await using server = new ChatServer();
  await server.start();
  const page = new Chat(await browser.open(), `chat/${browser.engine}`);
  await page.load(`http://${server.host}/`);
  await page.picture("door");
  await page.join("Ann");
  const heard: string[] = [];
  const bob = joinRoom(createClient, `ws://${server.host}/chat`, "Bob", {
    message: ({ text }) => heard.push(text),
  });
  bob.say("Is the tide out?");
  await page.has("Is the tide out?", "sent");
  await page.say("An hour ago.");
  await until("Ann's answer", () => (heard.includes("An hour ago.") ? true : undefined));
  await server.kill();
  await page.shows("Reconnecting");
  await page.say("Are you still there?");
  await page.has("Are you still there?", "sending");
  await page.picture("away");
  const began = Date.now();
  await server.start();
  await page.has("Are you still there?", "sent");
  const back = Date.now() - began;
  await until("what was written meanwhile", () => (heard.includes("Are you still there?") ? true : undefined));
  ensure(heard.filter((text) => text === "Are you still there?").length === 1, "it is said once");
  await page.picture("back");
  await page.darkPicture("back-dark");
  await page.narrowPicture("back-narrow");
  await bob.leave();
  await page.leave();
  return `what was written while the server was away is said once, ${ms(back)} after its start`;
}

export const chats: readonly Scenario[] = [
  {
    sentence: "the chat on FastAPI: two people talk, and the server is killed and started",
    engines: EVERYWHERE,
    length: "long",
    needs: ["python3-fastapi", "uvicorn", "python3-websockets"],
    run: talks,
  },
];
