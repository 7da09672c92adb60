import type { BrokenPromise } from "../../src/testing/memory-script.ts";
import type { MemoryConnection } from "../../src/testing/memory-connection.ts";
import { chance, integer, pick } from "../../src/testing/seeded-random.ts";
import { OnPurpose, type ShellWorld } from "./shell-world.ts";

type Act = (world: ShellWorld) => void;

const BREAKS: readonly BrokenPromise[] = [
  "opens-during-dial",
  "late-after-abandon",
  "opens-twice",
  "message-before-opened",
  "never-closed",
  "closed-twice",
  "message-after-closed",
  "closed-during-close",
  "code-zero",
  "bytes-as-views",
  "silent-discard",
  "send-throws",
  "close-throws",
  "abandon-throws",
];

/** Counts a promise of the connection until it is settled. */
function keep(world: ShellWorld, promise: Promise<void>): void {
  world.outstanding++;
  const settle = (): void => {
    world.outstanding--;
  };
  promise.then(settle, settle);
}

/** What an application does, at the top or inside a callback. */
const USER: Readonly<Record<string, Act>> = {
  "connect()": (world) => {
    keep(world, world.connection.connect());
  },
  "connect({ signal })": (world) => {
    const controller = new AbortController();
    if (chance(world.random, 0.2)) controller.abort(new OnPurpose("aborted"));
    else if (world.controllers.length < 20) world.controllers.push(controller);
    keep(world, world.connection.connect({ signal: controller.signal }));
  },
  "abort()": ({ controllers, random }) => {
    controllers.splice(integer(random, 0, controllers.length), 1)[0]?.abort(new OnPurpose("aborted"));
  },
  "reconnect()": (world) => {
    keep(world, world.connection.reconnect());
  },
  "close()": (world) => {
    keep(world, world.connection.close(pick(world.random, [1000, 3000, 4999]), "bye"));
  },
  "drop()": ({ connection }) => {
    connection.drop();
  },
  "send()": ({ connection, random }) => {
    connection.send(chance(random, 0.5) ? "text" : new Uint8Array(3));
  },
  "ping()": ({ connection }) => {
    connection.ping();
    if (Number(connection.bufferedAmount) < 0) throw new Error("a negative amount");
  },
  "on()": (world) => {
    const { connection, offs, random } = world;
    const listener = (): void => {
      world.reenter();
    };
    if (offs.length < 5) offs.push(connection.on(pick(random, ["state", "message", "error"]), listener));
  },
  "off()": ({ offs, random }) => {
    offs.splice(integer(random, 0, offs.length), 1)[0]?.();
  },
};

function someConnection({ server, random }: ShellWorld): MemoryConnection | undefined {
  return server.all.length > 0 ? pick(random, server.all) : undefined;
}

/** What the rest of the world does. */
const WORLD: Readonly<Record<string, Act>> = {
  "a stalled dial is answered": (world) => {
    const connection = someConnection(world);
    if (chance(world.random, 0.6)) connection?.accept();
    else connection?.refuse(pick(world.random, [undefined, 401, 503]));
  },
  "dials will be accepted": ({ server, random }) => {
    server.answer = chance(random, 0.5) ? { type: "accept" } : { type: "accept", after: integer(random, 0, 500) };
  },
  "dials will be refused": ({ server, random }) => {
    server.answer = { type: "refuse", ...(chance(random, 0.3) && { httpStatus: pick(random, [401, 429, 500]) }) };
  },
  "dials will stall": ({ server }) => {
    server.answer = { type: "stall" };
  },
  "the server sends": (world) => {
    someConnection(world)?.send(chance(world.random, 0.5) ? "text" : new ArrayBuffer(4));
  },
  "the server pings": (world) => {
    someConnection(world)?.ping();
  },
  "the server closes": (world) => {
    someConnection(world)?.close(pick(world.random, [1000, 1001, 1008, 1011, 1012, 4001, 4401]), "server");
  },
  "the link drops": (world) => {
    someConnection(world)?.drop(pick(world.random, ["lost", "arrives"]));
  },
  "the link stalls": (world) => {
    someConnection(world)?.stall(pick(world.random, ["toClient", "toServer", "both"]));
  },
  "the link resumes": (world) => {
    someConnection(world)?.resume();
  },
  "the peer answers no close": (world) => {
    const connection = someConnection(world);
    if (connection) connection.closeHandshake = pick(world.random, ["ignore", "answer"]);
  },
  online: ({ network }) => {
    network.goOnline();
  },
  offline: ({ network }) => {
    network.goOffline();
  },
  wake: ({ network }) => {
    network.wake();
  },
  suspend: ({ network }) => {
    network.suspend();
  },
  "a promise is broken": ({ server, random }) => {
    server.breaks.add(pick(random, BREAKS));
  },
  "promises are kept": ({ server }) => {
    server.breaks.clear();
  },
  "a callback keeps its word": ({ open, random }) => {
    open.splice(integer(random, 0, open.length), 1)[0]?.resolve();
  },
  "a callback breaks its word": ({ open, random }) => {
    open.splice(integer(random, 0, open.length), 1)[0]?.reject(new OnPurpose("provider or handshake"));
  },
  sleep: ({ clock, random }) => {
    clock.jump(integer(random, 0, 100_000));
  },
};

const TIME: Readonly<Record<string, Act>> = {
  tick: ({ clock }) => {
    clock.advance(0);
  },
  "some time": ({ clock, random }) => {
    clock.advance(integer(random, 1, 700));
  },
  "much time": ({ clock, random }) => {
    clock.advance(integer(random, 1_000, 12_000));
  },
};

const USER_ACTS = Object.entries(USER);
const WORLD_ACTS = Object.entries(WORLD);
const TIME_ACTS = Object.entries(TIME);

/** An act at the top of the walk. */
export function someAct({ random }: ShellWorld): readonly [name: string, act: Act] {
  const kind = random();
  return pick(random, kind < 0.3 ? USER_ACTS : kind < 0.65 ? WORLD_ACTS : TIME_ACTS);
}

/** An act inside a callback: mostly none, now and then an exception. */
export function someReentry(world: ShellWorld, note: (name: string) => void): void {
  const { random } = world;
  const kind = random();
  if (kind > 0.05) return;
  if (kind < 0.015) {
    note("  a callback throws");
    throw new OnPurpose("callback");
  }
  const [name, act] = pick(random, USER_ACTS);
  note(`  inside: ${name}`);
  try {
    act(world);
  } catch {
    // A transport that throws when it is written to: the walk looks at that from outside.
  }
}
