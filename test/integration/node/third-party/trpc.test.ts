import { expect, it } from "vitest";
import { connect } from "../../../../examples/trpc/client.ts";
import { Dials, KILLS, PATIENCE, script, Server, Tally } from "./setup.ts";

it(
  `tRPC: a subscription misses nothing over ${String(KILLS)} kills of its server, and queries are answered after each`,
  async () => {
    await using server = await Server.start(script("examples/trpc/server.ts"), /^ws:/);
    const dials = new Dials();
    const connected = connect(server.url, dials.options);
    const { client } = connected;
    const counts = new Tally<number>();
    const errors: unknown[] = [];
    const subscription = client.counted.subscribe(
      {},
      {
        onData: ({ data }) => {
          counts.add(data.count);
        },
        onError: (error) => errors.push(error),
      },
    );

    for (let kill = 1; kill <= KILLS; kill++) {
      const { length } = counts.values;
      await counts.until((values) => values.length > length + (kill % 3));
      await server.kill();
      await dials.failed();
      const answer = client.answer.query(); // there is nobody to ask; it waits
      await server.restart();
      expect(await answer).toBe(42);
    }
    const { length } = counts.values;
    await counts.until((values) => values.length > length + 5);
    expect(dials.sockets.live).toBe(1);
    expect(errors).toEqual([]);
    expect(counts.values).toEqual(counts.values.map((_, index) => index + 1));

    subscription.unsubscribe();
    await connected.close();
  },
  PATIENCE,
);
