import { areTokens, webSocketUrl } from "../connection/target.ts";
import { byteLength } from "../core/payload.ts";
import { MAX_REASON_BYTES } from "../transport/close-codes.ts";

/** As a page's platform makes text of an argument: unlike `String`, it refuses a symbol. @throws TypeError */
export function toText(value: unknown): string {
  return `${value as number}`; // whatever it is, a template converts it
}

/** A `DOMException`, or where there is none an `Error` with its name. */
export function domError(name: "SyntaxError" | "InvalidAccessError" | "InvalidStateError", message: string): Error {
  const { DOMException } = globalThis as { DOMException?: new (message: string, name: string) => Error };
  return DOMException ? new DOMException(message, name) : Object.assign(new Error(message), { name });
}

/** What the constructor does with its URL (WHATWG WebSockets, section 3.1). @throws SyntaxError; it does not quote the URL */
export function checkUrl(url: unknown): string {
  const text = toText(url);
  try {
    return webSocketUrl(text);
  } catch (error) {
    throw domError("SyntaxError", (error as Error).message); // webSocketUrl throws nothing else
  }
}

/** What the constructor does with its subprotocols. `null` stands for none, as in partysocket. @throws SyntaxError */
export function checkProtocols(protocols: unknown): string[] {
  const isList = typeof protocols === "object" && protocols !== null && Symbol.iterator in protocols;
  const given: Iterable<unknown> = isList
    ? (protocols as Iterable<unknown>)
    : protocols === undefined || protocols === null
      ? []
      : [protocols];
  const list = Array.from(given, toText);
  if (!areTokens(list)) {
    throw domError("SyntaxError", "A subprotocol is not an HTTP token, or is offered twice");
  }
  return list;
}

/** What `close()` does with its arguments. @throws InvalidAccessError, SyntaxError */
export function checkClose(code: unknown, reason: unknown): [code: number | undefined, reason: string | undefined] {
  const number = code === undefined ? undefined : round(Number(code));
  const text = reason === undefined ? undefined : toText(reason);
  if (number !== undefined && number !== 1000 && !(number >= 3000 && number <= 4999)) {
    throw domError("InvalidAccessError", "The close code is neither 1000 nor between 3000 and 4999");
  }
  if (text !== undefined && byteLength(text) > MAX_REASON_BYTES) {
    throw domError("SyntaxError", "The close reason is longer than 123 bytes");
  }
  return [number, text];
}

/** Halves go to the even neighbour (Web IDL, `[Clamp]`). */
function round(number: number): number {
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 ? rounded - 1 : rounded;
}
