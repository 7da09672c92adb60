import { trade, BYTES } from "../work.ts";
import type { Connection, Role } from "./connection.ts";
import { BINARY, type Frame, frameOf, payloadOf, TEXT } from "./frames.ts";
import type { Heard, Protocol } from "./protocol.ts";
import { PROTOCOLS } from "./protocols.ts";

/** Messages that are framed at once in a flood; all the rest are the same bytes again. */
const CHUNK = 500;

function frames(protocol: Protocol, messages: readonly string[]): Buffer {
  const opcode = protocol.frames === "binary" ? BINARY : TEXT;
  const { batch = 1 } = protocol;
  const parts: Buffer[] = [];
  for (let at = 0; at < messages.length; at += batch) {
    parts.push(frameOf(opcode, messages.slice(at, at + batch).join("")));
  }
  return Buffer.concat(parts);
}

function flood(connection: Connection, protocol: Protocol, count: number): void {
  const messages = Array.from({ length: CHUNK }, (_, seq) => protocol.message(trade(seq)));
  const chunk = frames(protocol, messages);
  for (let sent = 0; sent < count; sent += CHUNK) connection.raw(chunk);
}

const bytes = frameOf(BINARY, Buffer.alloc(BYTES, 7));

/** Answers each binary frame with one. */
function bouncing(connection: Connection): Role {
  return {
    text: () => undefined,
    binary: () => {
      connection.raw(bytes);
    },
  };
}

/** Counts the frames without looking into them, and says so when all have come. */
function counting(connection: Connection, expected: number): Role {
  let count = 0;
  return {
    text: () => {
      if (++count < expected) return;
      count = 0;
      connection.text(String(expected));
    },
    binary: () => undefined,
  };
}

/**
 * What is done with a client that dialled `/<protocol>/<role>/<count>`:
 * - `flood`: it names a number and gets as many messages;
 * - `sink`: it sends `count` messages and gets one when all have come;
 * - `echo`: it gets back what it sends; requests are answered with their params in every role;
 * - `bytes`: each binary message is answered with one of 64 KiB.
 */
export function roleOf(url: string, connection: Connection): Role {
  const [, name = "", role = "", expected = "0"] = (url.split("?")[0] ?? "").split("/");
  const protocol = PROTOCOLS[name]?.();
  if (!protocol) throw new Error(`There is no protocol "${name}"`);
  if (role === "bytes") return bouncing(connection);
  if (name === "plain" && role === "sink") return counting(connection, Number(expected));
  const say = (text: string): void => {
    connection.raw(frames(protocol, [text]));
  };
  let count = 0;
  const heard: Heard = {
    reply: say,
    message: (value) => {
      if (role === "flood") flood(connection, protocol, Number(value));
      else if (role === "echo") say(protocol.message(value));
      else if (++count === Number(expected)) {
        count = 0;
        say(protocol.message(Number(expected)));
      }
    },
    ask: (id, params) => {
      say(protocol.answer(id, params));
    },
  };
  if (protocol.greeting !== undefined) say(protocol.greeting);
  const read = (frame: Frame): void => {
    protocol.read(payloadOf(frame).toString(), heard);
  };
  return { text: read, binary: read };
}
