import { expect, it } from "vitest";
import { Connection } from "../../../src/connection.ts";
import { type ClientOptions, type ConnectionOptions, createClient } from "../../../src/index.ts";
import { ManualNetwork, MemoryServer, VirtualClock } from "../../../src/testing.ts";

it.each([
  ["client", (options: ConnectionOptions) => createClient(options as ClientOptions)],
  ["connection", (options: ConnectionOptions) => new Connection(options)],
])("a %s keeps to its options when their object is used for the next one", async (_, make) => {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock });
  const dialled: string[] = [];
  const options = {
    url: "ws://first.test/",
    clock,
    network: new ManualNetwork(),
    transport: (...[request, events]: Parameters<typeof server.transport>) => {
      dialled.push(request.url);
      return server.transport(request, events);
    },
  };
  const first = make(options);
  options.url = "ws://second.test/";
  const second = make(options);
  await clock.advanceFor(Promise.all([first.connect(), second.connect()]));
  expect(dialled).toEqual(["ws://first.test/", "ws://second.test/"]);
  await clock.advanceFor(Promise.all([first.close(), second.close()]));
});
