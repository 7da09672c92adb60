import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Doc } from "yjs";
import { connect } from "../../../../examples/y-websocket/client.ts";
import { Dials, KILLS, PATIENCE, script, Server, Tally } from "./setup.ts";

/** The server of y-websocket as its users start it. It keeps nothing: what comes back after a kill comes from the clients. */
const SERVER = fileURLToPath(import.meta.resolve("@y/websocket-server/utils")).replace("utils.js", "server.js");

it(
  `y-websocket: two documents converge after each of ${String(KILLS)} kills of the server, with edits made meanwhile`,
  async () => {
    await using server = await Server.start(script(SERVER), /running at/);
    const dials = new Dials();
    const updates = new Tally<unknown>();
    const docs = [new Doc(), new Doc()];
    const texts = docs.map((doc) => doc.getText("text"));
    const providers = docs.map((doc) => connect(server.url, "room", doc, dials.options));
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
      await server.kill();
      type();
      if (kill % 2 === 0) await dials.failed();
      type();
      await server.restart();
    }
    await updates.until(() => length().every((each) => each === typed));
    expect(texts.map((text) => text.toJSON())).toEqual(Array(2).fill(texts[0]?.toJSON()));
    expect(typed).toBe(KILLS * 6);

    expect(dials.sockets.live).toBe(2);
    for (const provider of providers) provider.destroy();
  },
  PATIENCE,
);
