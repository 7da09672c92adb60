import { expect, it } from "vitest";
import { connect } from "../../../../examples/graphql-ws/client.ts";
import { Dials, KILLS, PATIENCE, script, Server, Tally } from "./setup.ts";

it(
  `graphql-ws: a subscription resumes after each of ${String(KILLS)} kills of its server, and nothing is wedged`,
  async () => {
    await using server = await Server.start(script("examples/graphql-ws/server.ts"), /^ws:/);
    const dials = new Dials();
    const client = connect(server.url, dials.options);
    const counted = new Tally<unknown>();
    const ended = new Tally<unknown>();
    const stop = client.subscribe(
      { query: "subscription { counted }" },
      {
        next: ({ data }) => {
          counted.add(data?.["counted"]);
        },
        error: ended.add,
        complete: () => {
          ended.add("complete");
        },
      },
    );

    // Each server counts from 1: so many times 1 is so many subscriptions that came through. It counts on while the test
    // looks elsewhere, so what is waited for is "so far at least".
    const starts = (values: readonly unknown[]): number => values.filter((value) => value === 1).length;
    const reached = (subscriptions: number, count: number): Promise<void> =>
      counted.until((values) => starts(values) >= subscriptions && Number(values.at(-1)) >= count);
    for (let kill = 1; kill <= KILLS; kill++) {
      await reached(kill, 1 + (kill % 3));
      await server.kill();
      if (kill % 2 === 0) await dials.failed();
      await server.restart();
    }
    await reached(KILLS + 1, 5);
    expect(starts(counted.values)).toBe(KILLS + 1);
    expect(dials.sockets.live).toBe(1);
    expect(ended.values).toEqual([]);

    // The client is as good as new: it answers a query, and ends when it is told to.
    const answer = client.iterate({ query: "{ answer }" });
    expect((await answer.next()).value).toEqual({ data: { answer: 42 } });
    stop();
    await ended.until((values) => values.length > 0);
    expect(ended.values).toEqual(["complete"]);
    await client.dispose();
  },
  PATIENCE,
);
