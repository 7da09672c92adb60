import { badOption } from "../core/options.ts";
import { isThenable } from "../core/thenable.ts";
import type { DialRequest } from "../transport/transport.ts";
import type { AttemptContext, ConnectionOptions } from "./options.ts";

/** RFC 7230, section 3.2.6. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

interface Page {
  readonly location?: { readonly href?: string };
  readonly URL?: new (url: string, base?: string) => { readonly href: string };
}

/**
 * Asks the providers. Answers at once where none of them is a function, so that a first dial happens in the tick of
 * `connect()`. Rejects or throws for what cannot be dialled; the message never quotes it.
 */
export function resolveTarget(
  { url, protocols, headers }: ConnectionOptions,
  context: () => AttemptContext,
): DialRequest | Promise<DialRequest> {
  const parts = [url, protocols, headers].map((provider: unknown): unknown => {
    if (typeof provider !== "function") return provider;
    try {
      return (provider as (context: AttemptContext) => unknown)(context()); // what a function among these takes
    } catch (error) {
      // A promise, too: that of another provider may reject, and has to be looked at.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the application threw
      return Promise.reject(error);
    }
  });
  return parts.some(isThenable) ? Promise.all(parts).then(target) : target(parts);
}

function target([url, protocols = [], headers]: readonly unknown[]): DialRequest {
  if (headers !== undefined && !areHeaders(headers)) {
    throw badOption("headers", "an object: HTTP tokens as names, and strings as values");
  }
  const list: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocols];
  if (!areTokens(list)) throw badOption("protocols", "an HTTP token, or an array of them without repeats");
  return { url: webSocketUrl(url), protocols: list, headers: headers as DialRequest["headers"] };
}

/** What a platform sends as a header; nothing is sent of a `Headers` or a `Map`, which have no properties. */
function areHeaders(headers: unknown): boolean {
  return (
    typeof headers === "object" &&
    headers !== null &&
    !(Symbol.iterator in headers) &&
    Object.entries(headers).every(
      ([name, value]) => TOKEN.test(name) && isString(value) && !/[^\t\x20-\x7e\x80-\xff]/.test(value),
    )
  );
}

/** What subprotocols must be (RFC 6455, section 4.1): checked here, for what a provider answers may be right the next time. */
export function areTokens(list: readonly unknown[]): list is readonly string[] {
  return new Set(list).size === list.length && list.every((each) => isString(each) && TOKEN.test(each));
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Absolute, `ws:` or `wss:`, without a fragment (WHATWG WebSockets, section 3.1). */
export function webSocketUrl(url: unknown): string {
  const page = globalThis as unknown as Page;
  let href = url;
  try {
    // `new URL` quotes its input in the error, so the error goes no further.
    if (page.URL) href = new page.URL(url as string, page.location?.href).href;
  } catch {
    href = "";
  }
  const absolute = isString(href) && url !== "" ? href.replace(/^http/i, "ws") : "";
  if (!/^wss?:\/\/[^#]+$/i.test(absolute)) {
    throw badOption("url", "a ws:, wss:, http: or https: URL, in a page also a relative one, without #fragment");
  }
  return absolute;
}
