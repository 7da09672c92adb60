import { badOption } from "../core/options.ts";

/** The close codes that decisions hang on (RFC 6455, section 7.4.1, and the IANA registry). */
export const NORMAL = 1000;
export const ABNORMAL = 1006;

/** What fits in a close frame beside its code (RFC 6455, section 5.5). */
export const MAX_REASON_BYTES = 123;

/** Throws a `TypeError` unless an application may send this code: 1000 or 3000-4999. */
export function assertCloseCode(code: number): void {
  if (code !== NORMAL && !(Number.isInteger(code) && code >= 3000 && code <= 4999)) {
    throw badOption("code", "1000 or an integer from 3000 to 4999");
  }
}

/** `reason`, cut between two characters to the 123 bytes of UTF-8 that fit in a close frame. */
export function truncateReason(reason: string): string {
  let bytes = 0;
  let end = 0;
  for (const char of reason) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > MAX_REASON_BYTES) break;
    end += char.length;
  }
  return reason.slice(0, end);
}
