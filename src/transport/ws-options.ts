/** A PEM text, or the bytes of a key or certificate. */
export type TlsMaterial = string | Uint8Array;

/**
 * What can be set of `ws`, by its own names. Left out on purpose: `headers` (the `headers` option of the connection),
 * `handshakeTimeout` (its `connectTimeout`) and `followRedirects` (it would carry secrets to another host).
 */
export interface WsOptions {
  /** An `http.Agent` or `https.Agent`: a proxy, or sockets of one's own making. */
  readonly agent?: object;
  /** The certificate authorities to trust instead of the built-in ones. */
  readonly ca?: TlsMaterial | readonly TlsMaterial[];
  readonly cert?: TlsMaterial;
  readonly key?: TlsMaterial;
  readonly pfx?: TlsMaterial;
  readonly passphrase?: string;
  /** The host name to check the server's certificate against. */
  readonly servername?: string;
  /**
   * False accepts any certificate, and so anybody in the middle.
   * @default true
   */
  readonly rejectUnauthorized?: boolean;
  /** The `Origin` header, which servers check. None by default. */
  readonly origin?: string;
  /** The local address to dial from. */
  readonly localAddress?: string;
  /** 4 or 6: dial over this version of IP only. */
  readonly family?: number;
  /**
   * Offers compression, by default or with these settings of `ws`. It is off because it costs a zlib context for each
   * socket (hundreds of kilobytes), time on every message, and fragments the heap of a busy process on Linux; on text
   * that comes in bulk over a slow line it pays.
   * @default false
   */
  readonly perMessageDeflate?: boolean | Readonly<Record<string, unknown>>;
  /**
   * The longest message that is let in, in bytes; a longer one ends the connection.
   * @default 104_857_600, as in `ws`
   */
  readonly maxPayload?: number;
}
