import { badOption } from "../core/options.ts";
import { isThenable } from "../core/thenable.ts";
import type { DialRequest } from "../transport/transport.ts";
import type { AttemptContext, ConnectionOptions } from "./options.ts";

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
  if (headers !== undefined && (typeof headers !== "object" || !Object.values(headers ?? { "": 0 }).every(isString))) {
    throw badOption("headers", "an object of strings");
  }
  const list: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocols];
  // What else a subprotocol must be, every platform checks alike.
  if (!list.every(isString)) throw badOption("protocols", "a string or an array of them");
  return { url: webSocketUrl(url), protocols: list, headers: headers as DialRequest["headers"] };
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
