import { createServer } from "node:http";
import { expect, it } from "vitest";
import { Doc } from "yjs";
import { listen } from "../../../../examples/killable.ts";
import { connect } from "../../../../examples/y-websocket/client.ts";
import { Child } from "../../../support/child.ts";
import { Dials, KILLS, PATIENCE, Tally } from "./setup.ts";

/** The server of y-websocket as its users start it. It keeps nothing: what comes back after a kill comes from the clients. */
async function startServer(port: number): Promise<Child> {
  const server = Child.node("node_modules/@y/websocket-server/src/server.js", [], {
    HOST: "127.0.0.1",
    PORT: String(port),
  });
  await server.line(/running at/);
  return server;
}

async function freePort(): Promise<number> {
  const { port, kill } = await listen(createServer(), 0);
  await kill();
  return port;
}

it(
  `y-websocket: two documents converge after each of ${String(KILLS)} kills of the server, with edits made meanwhile`,
  async () => {
    const port = await freePort();
    let server = await startServer(port);
    const dials = new Dials();
    const updates = new Tally<unknown>();
    const docs = [new Doc(), new Doc()];
    const texts = docs.map((doc) => doc.getText("text"));
    const providers = docs.map((doc) => connect(`ws://127.0.0.1:${String(port)}`, "room", doc, dials.options));
    for (const doc of docs) doc.on("update", updates.add);
    const length = (): number[] => texts.map((text) => text.length);

    let typed = 0;
    const type = (): void => {
      texts.forEach((text, index) => {
        text.insert(text.length, String.fromCharCode(97 + ((typed + index) % 26)));
      });
      typed += texts.length;
    };
    for (let kill = 1; kill <= KILLS; kill++) {
      type();
      if (kill % 3 !== 0) await updates.until(() => length().every((each) => each === typed));
      await server.kill("SIGKILL");
      type();
      if (kill % 2 === 0) await dials.failed();
      type();
      server = await startServer(port);
    }
    await updates.until(() => length().every((each) => each === typed));
    expect(texts[0]?.toString()).toBe(texts[1]?.toString());
    expect(typed).toBe(KILLS * 6);

    for (const provider of providers) provider.destroy();
    await server.kill("SIGKILL");
  },
  PATIENCE,
);
