import { checkOptions } from "../core/options.ts";

/** A PEM text, or the bytes of a key or certificate. */
export type TlsMaterial = string | Uint8Array;

/**
 * What can be set of `ws`, by its own names. Left out on purpose: `headers` (the `headers` option of the connection),
 * `handshakeTimeout` (its `connectTimeout`) and `followRedirects` (it would carry secrets to another host).
 */
export interface WsOptions {
  /** An `http.Agent` or `https.Agent`: a proxy, or sockets of one's own making. */
  readonly agent?: object | undefined;
  /** The certificate authorities to trust instead of the built-in ones. */
  readonly ca?: TlsMaterial | readonly TlsMaterial[] | undefined;
  readonly cert?: TlsMaterial | undefined;
  readonly key?: TlsMaterial | undefined;
  readonly pfx?: TlsMaterial | undefined;
  readonly passphrase?: string | undefined;
  /** The host name to check the server's certificate against. */
  readonly servername?: string | undefined;
  /**
   * False accepts any certificate, and so anybody in the middle.
   * @default true
   */
  readonly rejectUnauthorized?: boolean | undefined;
  /** The `Origin` header, which servers check. None by default. */
  readonly origin?: string | undefined;
  /** The local address to dial from. */
  readonly localAddress?: string | undefined;
  /** 4 or 6: dial over this version of IP only. */
  readonly family?: number | undefined;
  /**
   * Offers compression, by default or with these settings of `ws`. It is off because it costs a zlib context for each
   * socket (hundreds of kilobytes), time on every message, and fragments the heap of a busy process on Linux; on text
   * that comes in bulk over a slow line it pays.
   * @default false
   */
  readonly perMessageDeflate?: boolean | Readonly<Record<string, unknown>> | undefined;
  /**
   * The longest message that is let in, in bytes; a longer one ends the connection.
   * @default 104_857_600, as in `ws`
   */
  readonly maxPayload?: number | undefined;
}

const MATERIAL = "string or object";
const SPEC = {
  agent: "object",
  ca: MATERIAL,
  cert: MATERIAL,
  key: MATERIAL,
  pfx: MATERIAL,
  passphrase: "string",
  servername: "string",
  rejectUnauthorized: "boolean",
  origin: "string",
  localAddress: "string",
  family: "number",
  perMessageDeflate: "boolean or object",
  maxPayload: "number",
};

/** The options as `ws` takes them: to it, a limit that is `undefined` would be none. @throws TypeError that names the option which cannot be right */
export function checkedOptions(options: WsOptions): WsOptions {
  checkOptions(options, SPEC);
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
