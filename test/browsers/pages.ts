import type { Tab } from "./browser.ts";
import { ensure, EVERYWHERE, many, type Scenario, type Stage } from "./scenario.ts";
import { until } from "./wait.ts";
import type { World } from "./world.ts";

interface Opened {
  readonly tab: Tab;
  readonly world: World;
}

/** Loads a page that is told its world, and waits until it has made a client. */
async function load({ browser, site }: Stage, path: string, client: string): Promise<Opened> {
  const { id, world } = await site.world();
  const tab = await browser.open();
  await tab.goto(site.url(`${path}?${String(id)}`));
  await until("the page", async () => ((await tab.ask(`typeof ${client}`)) === "object" ? true : undefined));
  return { tab, world };
}

async function state(tab: Tab, client: string): Promise<unknown> {
  return tab.ask(`${client}.client.state.name`);
}

async function isOpen(tab: Tab, client: string): Promise<void> {
  await until("an open link", async () => ((await state(tab, client)) === "open" ? true : undefined));
}

async function withoutBundler(stage: Stage): Promise<string> {
  stage.site.requests.length = 0;
  const { tab, world } = await load(stage, "/plain.html", "client");
  await until("an open link", async () => ((await tab.ask("client.state.name")) === "open" ? true : undefined));
  ensure((await tab.ask('client.request("sum", { a: 1, b: 2 })')) === 3, "1 + 2 = 3");
  const loaded = stage.site.requests.filter((path) => path !== "/favicon.ico").toSorted();
  ensure(loaded.join(" ") === "/package/cdn.js /plain.html", `it loaded ${loaded.join(", ")}`);
  ensure(world.seen.opened === 1, "one link, by a relative URL");
  return "one request for one file";
}

async function strict(stage: Stage): Promise<string> {
  const { tab } = await load(stage, "/strict.html", "guarded");
  await isOpen(tab, "guarded");
  ensure((await tab.ask('guarded.client.request("sum", { a: 1, b: 2 })')) === 3, "1 + 2 = 3");
  const violations = await tab.ask('guarded.violations.join(", ")');
  ensure(violations === "", `the policy refused ${String(violations)}`);
  return "no violation";
}

async function forbidding(stage: Stage): Promise<string> {
  const { tab, world } = await load(stage, "/forbidding.html", "guarded");
  const seen = await until("the end of the attempt", async () => {
    const found = await tab.ask(
      "guarded.client.state.cause && [guarded.client.state.name, guarded.client.state.cause.code]",
    );
    return Array.isArray(found) ? found.map(String) : undefined;
  });
  const [name = "", code = ""] = seen;
  ensure(["closed UNSUPPORTED", "waiting DIAL_FAILED"].includes(`${name} ${code}`), `it is ${name}, ${code}`);
  const violations = String(await tab.ask('guarded.violations.join(", ")'));
  ensure(violations.startsWith("connect-src"), `the policy refused "${violations}"`);
  ensure(world.seen.dials === 0, "nothing was dialled");
  return `\`${name}\`, \`${code}\``;
}

async function isolated(stage: Stage): Promise<string> {
  const { browser } = stage;
  const { tab } = await load(stage, "/isolated.html", "guarded");
  ensure((await tab.ask("crossOriginIsolated")) === true, "the page is isolated");
  await isOpen(tab, "guarded");
  ensure((await tab.ask('guarded.client.request("sum", { a: 1, b: 2 })')) === 3, "1 + 2 = 3");
  // Only such a page has shared memory. No WebSocket takes it, so it must not get into a queue either.
  const thrown = await tab.ask("guarded.sendShared()");
  const expected = browser.engine === "WebKitGTK" ? "none" : "ENCODE_FAILED";
  ensure(thrown === expected, `shared memory is refused at once, and not with ${String(thrown)}`);
  const shared = thrown === "none" ? "there is no shared memory all the same" : "shared memory is refused at once";
  return `\`crossOriginIsolated\` is true; ${shared}`;
}

async function mount(stage: Stage, component: "owner" | "reader"): Promise<Opened> {
  const opened = await load(stage, "/strict-mode.html", "page");
  const { tab } = opened;
  if (component === "reader") await tab.ask("page.client.connect().then(() => true)");
  await tab.ask(`(page.mount("${component}"), true)`);
  await until("the second mount", async () => ((await tab.ask("page.effects")) === 2 ? true : undefined));
  await isOpen(tab, "page");
  return opened;
}

async function owner(stage: Stage): Promise<string> {
  const { tab, world } = await mount(stage, "owner");
  await until("one live link", () => (world.seen.live === 1 ? true : undefined));
  const { dials, opened, maxLive } = world.seen;
  ensure(dials <= 2, `${String(dials)} dials`);
  await tab.ask("(page.unmount(), true)");
  await until("no live link", () => (world.seen.live === 0 && world.seen.connections === 0 ? true : undefined));
  const last = world.seen.closes.at(-1);
  ensure(last?.code === 1_000, `the server saw ${String(last?.code)}`);
  ensure(world.seen.dials === dials, "nobody dials any more");
  return `${many(dials, "dial")}, ${String(opened)} opened, at most ${String(maxLive)} live; 1000 when it is unmounted`;
}

async function reader(stage: Stage): Promise<string> {
  const { tab, world } = await mount(stage, "reader");
  await until("the subscription", () => (world.seen.calls.length >= 3 ? true : undefined));
  await tab.ask("(page.unmount(), true)");
  await until("its end", () => (world.seen.calls.length >= 4 ? true : undefined));
  const methods = world.seen.calls.map(({ method }) => method).join(", ");
  ensure(methods === "subscribe, unsubscribe, subscribe, unsubscribe", `the server saw ${methods}`);
  ensure(world.seen.dials === 1 && world.seen.live === 1, "one link, and it is not touched");
  return "one dial; the topic is ended and begun again";
}

export const pages: readonly Scenario[] = [
  {
    sentence: "a page without a bundler imports one file, and dials a relative URL",
    engines: EVERYWHERE,
    length: "quick",
    run: withoutBundler,
  },
  {
    sentence: "a Content-Security-Policy of `default-src 'self'`: nothing else is needed",
    engines: EVERYWHERE,
    length: "quick",
    run: strict,
  },
  {
    sentence: "a policy that forbids the address: the client says so, and nothing is dialled",
    engines: EVERYWHERE,
    length: "quick",
    run: forbidding,
  },
  { sentence: "a page isolated by COOP and COEP", engines: EVERYWHERE, length: "quick", run: isolated },
  {
    sentence: "React StrictMode, a component that owns the connection: one link stays, and none after it",
    engines: EVERYWHERE,
    length: "quick",
    run: owner,
  },
  {
    sentence: "React StrictMode, a component that reads a topic: the connection is not touched",
    engines: EVERYWHERE,
    length: "quick",
    run: reader,
  },
];
