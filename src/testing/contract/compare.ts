/** Throws unless the two are the same; objects and bytes by what is in them. */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [left, right] = [print(actual), print(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

function print(value: unknown): string {
  const text = JSON.stringify({ value }, (_key, item: unknown) => {
    if (item instanceof ArrayBuffer) return { buffer: digest(new Uint8Array(item)) };
    if (item instanceof Uint8Array) return { bytes: digest(item) };
    return item;
  }).slice('{"value":'.length, -1);
  return text.length > 500 ? `${text.slice(0, 500)}... (${text.length})` : text || "undefined";
}

/** Short bytes as they are, long ones as their length and a checksum. */
function digest(bytes: Uint8Array): unknown {
  return bytes.length <= 16
    ? [...bytes]
    : { length: bytes.length, sum: bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 0) };
}

/** True if `secret` can be reached from `value`: through properties, causes, messages and stacks. */
export function reveals(value: unknown, secret: string, seen: Set<unknown> = new Set()): boolean {
  if (typeof value === "string") return value.includes(secret);
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  return Reflect.ownKeys(value).some((key) => reveals((value as Record<PropertyKey, unknown>)[key], secret, seen));
}
