import { systemClock } from "../../src/core/clock.ts";
import type { Subject } from "../runtimes/subject.ts";
import { same } from "../support/contract-recorder.ts";
import { eventually, passing } from "./service.ts";
import type { ServerCase } from "./world.ts";

const SIZES = [0, 125, 126, 65_535, 65_536, 2 ** 20];

/** Sends something, and answers what comes next. */
export async function exchange(subject: Subject, data: string | Uint8Array, patience?: number): Promise<unknown> {
  const had = subject.messages.length;
  subject.client.send(data);
  await eventually("an answer", () => subject.messages.length > had, patience);
  return subject.messages[had];
}

/** Rejects unless the two are the same, byte for byte. */
function sameBytes(actual: unknown, expected: Uint8Array): void {
  const found = actual instanceof ArrayBuffer ? Buffer.from(actual) : undefined;
  if (found?.equals(expected) !== true)
    throw new Error(`${String(found?.length)} bytes came back for ${String(expected.length)}, or others`);
}

/** Text of so many bytes of UTF-8; the last character takes two where there is room. */
function textOf(size: number): string {
  return size < 2 ? "x".repeat(size) : `${"x".repeat(size - 2)}\u00e4`;
}

function bytesOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => index % 251);
}

/** A link that is alive: what is sent comes back. */
export async function echoes(subject: Subject): Promise<void> {
  same("an echo", await exchange(subject, "alive"), "alive");
}

/** How to see that nothing was torn down. */
export function opened(subject: Subject): number {
  return subject.states.filter(({ name }) => name === "open").length;
}

const payloads: Readonly<Record<string, ServerCase>> = {
  "text of every length comes back as it was": async (world) => {
    const subject = await world.open("/echo");
    for (const size of SIZES) {
      const text = textOf(size);
      if ((await exchange(subject, text)) !== text) throw new Error(`${String(size)} bytes of text came back changed`);
    }
    same("links", opened(subject), 1);
  },

  "bytes of every length come back as they were": async (world) => {
    const subject = await world.open("/echo");
    for (const size of SIZES) sameBytes(await exchange(subject, bytesOf(size)), bytesOf(size));
    same("links", opened(subject), 1);
  },

  "a thousand messages come back in order": async (world) => {
    const subject = await world.open("/echo");
    const sent = Array.from({ length: 1_000 }, (_, index) => `message ${String(index)}`);
    for (const message of sent) subject.client.send(message);
    await eventually("all of them", () => subject.messages.length === sent.length);
    same("messages", subject.messages.join(), sent.join());
  },

  "compressed text comes back, where the server compresses": async (world) => {
    const subject = await world.open("/echo", { transport: world.transport({ perMessageDeflate: true }) });
    const text = "again and ".repeat(10_000);
    if ((await exchange(subject, text)) !== text) throw new Error("The text came back changed");
    await echoes(subject);
  },
};

const LARGE = 64_000_000;
/** Some servers copy all that they have with each piece that comes, in ms. */
const LARGE_PATIENCE = 300_000;

/** For servers that can be told to let so much in. */
export const large: Readonly<Record<string, ServerCase>> = {
  "64 MB of text and of bytes come back as they were": async (world) => {
    const subject = await world.open("/echo", {
      maxMessageSize: 2 * LARGE,
      outbox: { maxBytes: 2 * LARGE },
      heartbeat: { timeout: LARGE_PATIENCE }, // on a busy machine they stand still for longer than is usual
    });
    const [text, bytes] = [textOf(LARGE), Buffer.alloc(LARGE, bytesOf(1_000))];
    const from = systemClock.now();
    if ((await exchange(subject, text, LARGE_PATIENCE)) !== text) throw new Error("The text came back changed");
    sameBytes(await exchange(subject, bytes, LARGE_PATIENCE), bytes);
    world.note("large", `${((systemClock.now() - from) / 2_000).toFixed(1)} s`);
    same("links", opened(subject), 1);
  },
};

/** For servers that can send a message in fragments. */
export const fragments: Readonly<Record<string, ServerCase>> = {
  "a message that the server sends in fragments comes as one": async (world) => {
    const subject = await world.open("/fragments");
    await eventually("both messages", () => subject.messages.length === 2);
    same("the text", subject.messages[0], "one message in \u00e4ll");
    sameBytes(subject.messages[1], Uint8Array.of(1, 2, 3));
    world.note("fragments", "yes");
  },
};

/** The server must choose the first of these. */
export function protocolCase(...protocols: readonly string[]): Readonly<Record<string, ServerCase>> {
  return {
    "the subprotocol that the server chose is told": async (world) => {
      const subject = await world.open("/echo", { protocols });
      same("protocol", subject.client.protocol, protocols[0]);
    },
  };
}

const handshake: Readonly<Record<string, ServerCase>> = {
  ...protocolCase("first", "second"),

  "headers and cookies reach the server": async (world) => {
    const subject = await world.open("/headers", { headers: { "x-token": "t1", cookie: "session=2" } });
    await eventually("what the server saw", () => subject.messages.length > 0);
    same("headers", subject.messages, ["t1 session=2"]);
  },

  "a refused upgrade tells its status, and 401 ends it when fresh credentials do not help": async (world) => {
    const subject = world.subject("/refuse");
    const { httpStatus } = await subject.fails("DIAL_FAILED");
    world.note("refusal", String(httpStatus));
    if (httpStatus === 401) await eventually("the end", () => subject.client.state.name === "closed");
    else same("httpStatus", httpStatus, 403);
  },
};

const endings: Readonly<Record<string, ServerCase>> = {
  "a server's close code and reason are told, also when it closes at once": async (world) => {
    const { closeCode, reason } = await world.subject("/close").fails("CONNECTION_LOST");
    same("end", [closeCode, reason], [4321, "b\u00e4h"]);
  },

  "close() is answered, and waits for no time-out": async (world) => {
    const subject = await world.open("/echo", { closeTimeout: 20_000 });
    await echoes(subject);
    const from = systemClock.now();
    await subject.client.close(4000, "bye");
    if (systemClock.now() - from > 10_000) throw new Error("It was not answered");
  },

  "a server that is killed and started again is back, and what was queued meanwhile arrives once": async (world) => {
    const subject = await world.open("/echo");
    await world.target.service.stop("SIGKILL");
    same("close code", (await subject.fails("CONNECTION_LOST")).closeCode, 1006);
    same("send", subject.client.send("meanwhile"), "queued");
    await subject.fails("DIAL_FAILED");
    await world.target.service.start();
    await subject.opens();
    await eventually("the echo", () => subject.messages.length > 0);
    await echoes(subject);
    same("messages", subject.messages, ["meanwhile", "alive"]);
  },

  "a server that is told to end is left, and found again": async (world) => {
    const subject = await world.open("/echo");
    await echoes(subject);
    const stopped = world.target.service.stop("SIGTERM");
    const { closeCode } = await subject.fails("CONNECTION_LOST");
    world.note("SIGTERM", String(closeCode));
    await stopped;
    await world.target.service.start();
    await subject.opens();
    await echoes(subject);
  },
};

const liveness: Readonly<Record<string, ServerCase>> = {
  "an idle link answers pings and stays": async (world) => {
    const subject = await world.open("/echo", { heartbeat: { interval: 100, timeout: 5_000 } });
    await eventually("three round trips", () => subject.rtts.length >= 3);
    same("links", opened(subject), 1);
    await echoes(subject);
  },

  "a server that stands still is noticed, and found again when it goes on": async (world) => {
    const heartbeat = { interval: 500, timeout: 500 };
    const subject = await world.open("/echo", { heartbeat, connectTimeout: 1_500 });
    await echoes(subject);
    world.target.inner.signal("SIGSTOP");
    const from = systemClock.now();
    await subject.fails("HEARTBEAT_TIMEOUT");
    world.note("frozen", `${((systemClock.now() - from) / 1_000).toFixed(1)} s`);
    await passing(100);
    world.target.inner.signal("SIGCONT");
    await subject.opens();
    await echoes(subject);
  },
};

/** What is the same for every server that echoes. */
export const cases: Readonly<Record<string, ServerCase>> = { ...handshake, ...payloads, ...endings, ...liveness };
