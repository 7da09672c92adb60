import { expect, it } from "vitest";
import { createBroker, listenFor } from "../../../../examples/mqtt/broker.ts";
import { connect } from "../../../../examples/mqtt/client.ts";
import { Dials, KILLS, PATIENCE, Tally } from "./setup.ts";

it(
  `MQTT.js: every message of QoS 1 arrives over ${String(KILLS)} kills of the broker, those that were sent meanwhile too`,
  async () => {
    const broker = await createBroker();
    let server = await listenFor(broker, 0);
    const { port } = server;
    const url = `ws://127.0.0.1:${String(port)}/`;
    const dials = new Dials();
    const listener = connect(url, "listener", dials.options);
    const publisher = connect(url, "publisher", dials.options);
    const heard = new Tally<number>();
    listener.on("message", (_topic, payload) => {
      heard.add(Number(payload.toString()));
    });
    await listener.subscribeAsync("numbers", { qos: 1 });

    const published: Promise<unknown>[] = [];
    const publish = (): void => {
      published.push(publisher.publishAsync("numbers", String(published.length + 1), { qos: 1 }));
    };
    for (let kill = 1; kill <= KILLS; kill++) {
      publish();
      if (kill % 3 !== 0) await published.at(-1);
      publish(); // is on its way when the broker dies
      await server.kill();
      publish();
      if (kill % 2 === 0) await dials.failed();
      publish();
      server = await listenFor(broker, port);
    }
    await Promise.all(published);
    const all = published.map((_, index) => index + 1);
    await heard.until((values) => new Set(values).size === all.length);
    expect([...new Set(heard.values)].sort((a, b) => a - b)).toEqual(all);
    expect(dials.sockets.live).toBe(2);

    await Promise.all([listener.endAsync(), publisher.endAsync()]);
    await server.kill();
    await new Promise<void>((resolve) => {
      broker.close(resolve);
    });
  },
  PATIENCE,
);
