import type { NatsConnection } from "@nats-io/nats-core";
import { expect, it } from "vitest";
import { connect } from "../../../../examples/nats/client.ts";
import { Child } from "../../../support/child.ts";
import { Dials, KILLS, type Launch, PATIENCE, Server, Tally } from "./setup.ts";

/** The server as Debian has it: npm run test installs it. */
const launch: Launch = (PORT) => new Child("nats-server", ["-c", "examples/nats/nats.conf"], { PORT });

/** Each time that a client has found the server again. */
function returnsOf(connection: NatsConnection): Tally<unknown> {
  const returns = new Tally<unknown>();
  const watch = async (): Promise<void> => {
    for await (const status of connection.status()) if (status.type === "reconnect") returns.add(status);
  };
  void watch();
  return returns;
}

it(
  `NATS: subscriptions go on after each of ${String(KILLS)} kills of the server, and requests are answered`,
  async () => {
    await using server = await Server.start(launch, /Server is ready/);
    const dials = new Dials();
    const listener = await connect(server.url, dials.options);
    const talker = await connect(server.url, dials.options);
    const returns = [listener, talker].map(returnsOf);
    const heard = new Tally<string>();
    // Subscribed once, before the first kill.
    listener.subscribe("numbers", {
      callback: (_error, message) => {
        heard.add(message.string());
      },
    });
    listener.subscribe("double", {
      callback: (_error, message) => {
        message.respond(String(Number(message.string()) * 2));
      },
    });
    await listener.flush();

    for (let kill = 1; kill <= KILLS; kill++) {
      await server.kill();
      if (kill % 2 === 0) await dials.failed();
      await server.restart();
      await Promise.all(returns.map((each) => each.until(({ length }) => length === kill)));
      await listener.flush(); // the server answers it when it has taken the subscriptions
      const answer = await talker.request("double", String(kill), { timeout: 10_000 });
      expect(answer.string()).toBe(String(kill * 2));
      talker.publish("numbers", String(kill));
      await heard.until((values) => values.at(-1) === String(kill));
    }
    expect(heard.values).toEqual(Array.from({ length: KILLS }, (_, index) => String(index + 1)));
    expect(dials.sockets.live).toBe(2);

    await Promise.all([listener.close(), talker.close()]);
    expect(dials.sockets.live).toBe(0);
  },
  PATIENCE,
);
