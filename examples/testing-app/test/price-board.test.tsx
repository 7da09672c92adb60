import { act } from "react";
import { expect, it } from "vitest";
import { type Board, setup } from "./setup.tsx";

/** A board that shows one price. */
async function live(): Promise<Board> {
  const board = setup();
  await board.connect();
  await board.pass(100); // the subscription is confirmed
  board.publish({ symbol: "ACME", price: 42 });
  await board.pass(100);
  return board;
}

it("shows what the feed sends", async () => {
  const board = setup();
  expect(board.status()).toBe("Not connected");
  await board.connect();
  expect(board.status()).toBe("Live");

  await board.pass(100);
  board.publish({ symbol: "ACME", price: 42 });
  board.publish({ symbol: "ACME", price: 43.5 });
  await board.pass(100);
  expect(board.prices()).toEqual(["ACME 43.50"]);
});

it("says so when the connection is lost, and shows new prices once it is back", async () => {
  const { server, status, prices, publish, pass, until } = await live();
  server.stop();
  await pass(5_000);
  expect(status()).toBe("Reconnecting…");
  expect(prices()).toEqual(["ACME 42.00"]);

  server.start();
  await until(() => status() === "Live");
  await pass(100);
  publish({ symbol: "ACME", price: 50 });
  await pass(100);
  expect(prices()).toEqual(["ACME 50.00"]);
});

it("notices a connection that died without a word", async () => {
  const { server, status, pass, until } = await live();
  server.last.stall(); // half-open: nothing arrives any more, in either direction, and nobody is told
  await pass(1_000);
  expect(status()).toBe("Live");
  await until(() => status() === "Reconnecting…");
  await until(() => status() === "Live");
  expect(server.dials).toBe(2);
});

it("sends an order that was made while the server was away, once", async () => {
  const { server, fate, buy, orders, until, pass } = await live();
  server.stop();
  await pass(100);
  buy();
  expect(fate()).toBe("queued");
  expect(orders()).toEqual([]);

  server.start();
  await until(() => fate() === "written");
  await pass(60_000);
  expect(orders()).toEqual(['{"buy":"ACME"}']);
});

it("does not send an order that had to wait for too long, and says so", async () => {
  const { server, status, fate, buy, orders, pass, until } = await live();
  server.stop();
  await pass(100);
  buy();
  await pass(10_000);
  expect(fate()).toBe("expired");

  server.start();
  await until(() => status() === "Live");
  await pass(1_000);
  expect(orders()).toEqual([]);
});

it("is live again after the computer has slept for ten minutes", async () => {
  const { clock, network, server, status, until } = await live();
  server.last.stall(); // its address has changed meanwhile
  network.sleep(clock, 600_000);
  await until(() => server.dials === 2 && status() === "Live");
  expect(clock.now()).toBeLessThan(600_000 + 10_000);
});

it("tells a user who has no network", async () => {
  const { network, server, status, pass, until } = await live();
  network.goOffline();
  server.dropAll();
  await pass(100);
  expect(status()).toBe("You are offline");
  act(() => {
    network.goOnline(); // hints take effect at once
  });
  await until(() => status() === "Live");
});
