import { expect, it } from "vitest";
import { Child } from "../../support/child.ts";

const SERVER = "examples/demo/server.ts";
const FEED = "examples/feed/feed.ts";

interface Demo extends AsyncDisposable {
  readonly server: Child;
  /** Presses one of the page's buttons. */
  readonly hurt: (fault: string) => Promise<number>;
  readonly page: string;
  readonly feed: string;
}

/** The demo on ports of the system's choice. It needs the built package, as a user does. */
async function startDemo(): Promise<Demo> {
  const server = Child.node(SERVER, [], { PORT: "0" });
  const [, page = ""] = await server.line(/demo: (http:\S+)/);
  const [, feed = ""] = await server.line(/feed: +(ws:\S+)/);
  const hurt = async (fault: string): Promise<number> =>
    (await fetch(new URL(`/control/${fault}`, page), { method: "POST" })).status;
  return { server, page, feed, hurt, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

it("the feed goes on through a drop and a restart of the server, and no trade is lost or comes twice", async () => {
  await using demo = await startDemo();
  await using feed = Child.node(FEED, [demo.feed]);
  await feed.line(/ open .* 3\d ticks\/s .*KELP \d+\.\d\d .*reconnects 0/);

  expect(await demo.hurt("drop")).toBe(204);
  const [, before = ""] = await feed.line(/ open .*total (\d+) .*gaps 0 \(0 lost\) {2}duplicates 0 {2}reconnects 1/);
  expect(await demo.hurt("restart")).toBe(204);
  const [, after = ""] = await feed.line(
    / open .*total (\d+) .*gaps 0 \(0 lost\) {2}duplicates 0 {2}reconnects 2/,
    20_000,
  );

  expect(Number(after)).toBeGreaterThan(Number(before));
  expect(await feed.kill("SIGINT")).toBe(0);
  expect(await demo.server.kill("SIGTERM")).toBe(0);
}, 40_000);

it("the feed says what it waits for while there is no server, and stops by itself after --seconds", async () => {
  const { feed: url } = await (async () => {
    await using demo = await startDemo();
    return demo;
  })();
  await using feed = Child.node(FEED, [url, "--seconds", "2"]);
  expect(await feed.exit()).toBe(0);
  expect(feed.lines.filter((line) => line.includes(" 0 ticks/s"))).toHaveLength(2);
  expect(feed.lines.join("\n")).toMatch(/ waiting .*DIAL_FAILED, attempt \d/);
}, 20_000);

it("the demo serves its page, the built package and the chart, under a strict policy, to this machine alone", async () => {
  await using demo = await startDemo();
  const get = (path: string): Promise<Response> => fetch(new URL(path, demo.page));

  const index = await get("/");
  expect(index.headers.get("content-security-policy")).toMatch(/^default-src 'self'; connect-src 'self' ws:/);
  const page = await index.text();
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)/);
  const loaded = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(loaded).toContain("/holdfast.js");
  for (const path of [...loaded, "/uplot.js", "/config.json"]) expect((await get(path)).status, path).toBe(200);

  expect((await get("/server.ts")).status).toBe(404);
  expect((await get("/control/drop")).status).toBe(405);
  expect(await demo.hurt("nonsense")).toBe(404);
  const foreign = await fetch(new URL("/control/drop", demo.page), {
    method: "POST",
    headers: { origin: "https://example.com" },
  });
  expect(foreign.status).toBe(403);
}, 20_000);
