import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { joinRoom, type Message, type Room } from "../../../examples/chat/room.js";
import { createClient } from "../../../src/index.ts";
import { Child } from "../../support/child.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";

// Debian's own: another python3 may come first in PATH, and does not see Debian's packages.
const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const DEADLINE = { timeout: 15_000 };

let server: Child;
let port: number;
let people: Person[];
let proxies: FaultProxy[];

beforeEach(async () => {
  people = [];
  proxies = [];
  await promisify(execFile)(PYTHON, ["-c", "import fastapi, uvicorn, websockets"]).catch((cause: unknown) => {
    throw new Error("The chat server needs Python packages: run scripts/setup-test.sh", { cause });
  });
  server = new Child(PYTHON, ["-B", "-m", "uvicorn", "--app-dir", "examples/chat", "server:app", "--port", "0"]);
  const [, found] = await server.line(/running on http:\/\/127\.0\.0\.1:(\d+)/, 30_000);
  port = Number(found);
}, 40_000);

afterEach(async () => {
  await Promise.all(people.map(({ room }) => room.leave()));
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await server.kill("SIGKILL");
});

/** A client in this process, and what it has heard. */
interface Person {
  readonly room: Room;
  readonly heard: Message[];
  present: readonly string[];
}

async function join(name: string, through = port): Promise<Person> {
  const heard: Message[] = [];
  const room = joinRoom(createClient, `ws://127.0.0.1:${through}/chat`, name, {
    message: (message) => {
      heard.push(message);
    },
    people: (names) => {
      person.present = names;
    },
  });
  const person: Person = { room, heard, present: [] };
  people.push(person);
  await room.client.connect();
  await vi.waitFor(() => {
    expect(person.present).toContain(name);
  }, DEADLINE);
  return person;
}

/** A client that reaches the server over a network that can be broken. */
async function joinThroughProxy(name: string): Promise<Person & { readonly proxy: FaultProxy }> {
  const proxy = await FaultProxy.start(port);
  proxies.push(proxy);
  return Object.assign(await join(name, proxy.port), { proxy });
}

const texts = ({ heard }: Person): string[] => heard.map(({ text }) => text);

async function hears(person: Person, expected: readonly string[]): Promise<void> {
  await vi.waitFor(() => {
    expect(texts(person)).toEqual(expected);
  }, DEADLINE);
}

/** Cuts the connection and lets no other through. */
async function cut({ room, proxy }: Person & { readonly proxy: FaultProxy }): Promise<void> {
  proxy.admission = "refuse";
  proxy.rst();
  await vi.waitFor(() => {
    expect(room.client.state.name).toBe("waiting");
  }, DEADLINE);
}

it("everyone hears each message, the sender too, with its time, in the same order", async () => {
  const before = Date.now();
  const all = [await join("ann"), await join("bob"), await join("cleo")];
  const said = Array.from({ length: 20 }, (_, index) => all.map(({ room }) => room.say(String(index)))).flat();
  for (const { heard } of all)
    await vi.waitFor(() => {
      expect(heard).toHaveLength(said.length);
    }, DEADLINE);

  const [ann, bob, cleo] = all.map(({ heard }) => heard.map(({ id, time, from }) => ({ id, time, from })));
  expect(bob).toEqual(ann);
  expect(cleo).toEqual(ann);
  expect(new Set(ann?.map(({ id }) => id))).toEqual(new Set(said));
  expect(new Set(ann?.map(({ from }) => from))).toEqual(new Set(["ann", "bob", "cleo"]));
  const times = ann?.map(({ time }) => time) ?? [];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
});

it("a client that was cut off hears what it has missed, and says what it could not, each once and in order", async () => {
  const ann = await join("ann");
  const bob = await joinThroughProxy("bob");
  ann.room.say("one");
  await hears(bob, ["one"]);

  await cut(bob);
  await vi.waitFor(() => {
    expect(ann.present).toEqual(["ann"]);
  }, DEADLINE);
  ann.room.say("two");
  ann.room.say("three");
  await hears(ann, ["one", "two", "three"]);
  bob.room.say("from the tunnel");
  expect(bob.room.client.queue.size).toBe(1);

  bob.proxy.admission = "pass";
  const all = ["one", "two", "three", "from the tunnel"];
  await hears(bob, all);
  await hears(ann, all);
  expect(bob.heard).toEqual(ann.heard.map((message) => ({ ...message, own: message.from === "bob" })));
});

it.each(["up", "down"] as const)(
  "a message is said once, though it or its echo was lost on the way %s",
  async (way) => {
    const ann = await join("ann");
    const bob = await joinThroughProxy("bob");
    bob.proxy.blackhole(way);
    bob.room.say("did you get this?");
    expect(bob.room.client.queue.size).toBe(0); // it was written, and nobody knows what became of it
    if (way === "down") await hears(ann, ["did you get this?"]);

    await cut(bob);
    bob.proxy.heal();
    bob.proxy.admission = "pass";
    await hears(bob, ["did you get this?"]);
    ann.room.say("yes");
    await hears(bob, ["did you get this?", "yes"]);
    await hears(ann, ["did you get this?", "yes"]);
  },
);

it("a client whose process is killed and started again hears what was said meanwhile", async () => {
  const ann = await join("ann");
  const terminal = (): Child => Child.node("examples/chat/client.ts", ["dora", `ws://127.0.0.1:${port}/chat`]);
  await using dora = terminal();
  await dora.line(/here: ann, dora/);
  dora.type("hello");
  await hears(ann, ["hello"]);

  await dora.kill("SIGKILL");
  await vi.waitFor(() => {
    expect(ann.present).toEqual(["ann"]);
  }, DEADLINE);
  ann.room.say("while you were dead");
  await hears(ann, ["hello", "while you were dead"]);

  await using again = terminal();
  await again.line(/ann: while you were dead$/);
  expect(again.lines.filter((line) => /\w+: /.test(line.slice(9)))).toEqual([
    expect.stringMatching(/^[\d:]{8} dora: hello$/),
    expect.stringMatching(/^[\d:]{8} ann: while you were dead$/),
  ]);
  expect(await again.kill("SIGINT")).toBe(0);
});

it("a client that the server does not want is told why, and does not come back", async () => {
  const room = joinRoom(createClient, `ws://127.0.0.1:${port}/chat`, "x".repeat(25), {});
  await vi.waitFor(() => {
    expect(room.client.state).toMatchObject({ name: "closed", cause: { closeCode: 1008 } });
  }, DEADLINE);
});
