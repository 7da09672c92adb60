import { expect, it } from "vitest";
import { connect } from "../../../../examples/trpc/client.ts";
import { startServer } from "../../../../examples/trpc/server.ts";
import { Dials, KILLS, PATIENCE, Tally } from "./setup.ts";

it(
  `tRPC: a subscription misses nothing over ${String(KILLS)} kills of its server, and queries are answered after each`,
  async () => {
    let server = await startServer(0);
    const { port } = server;
    const dials = new Dials();
    const { client, close } = connect(`ws://127.0.0.1:${String(port)}/`, dials.options);
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
      if (kill % 2 === 0) await dials.failed();
      const answer = client.answer.query();
      server = await startServer(port);
      expect(await answer).toBe(42);
    }
    const { length } = counts.values;
    await counts.until((values) => values.length > length + 5);
    expect(server.connections).toBe(1);
    expect(errors).toEqual([]);
    expect(counts.values).toEqual(counts.values.map((_, index) => index + 1));

    subscription.unsubscribe();
    await close();
    await server.kill();
  },
  PATIENCE,
);
