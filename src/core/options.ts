/**
 * What the options of one part take, by name: words of `typeof`, `array`, or literal values, joined by " or "; or an `AbortSignal`, or
 * anything.
 * Those of more parts are joined by a call that is marked as pure: of a spread, which might have getters, bundlers keep also
 * what nobody uses.
 */
export type OptionSpec = Readonly<Record<string, string>>;

/**
 * Throws a `TypeError` that names the first option which is not in `spec` or not of its kind. A number must be at least
 * 0; Infinity is one, NaN is not. The value itself is never quoted: it may be a secret.
 */
export function checkOptions(options: unknown, spec: OptionSpec, prefix = ""): void {
  if (typeof options !== "object" || options === null) throw badOption(prefix || "options", "an object");
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const takes = Object.hasOwn(spec, name) ? spec[name] : "nothing: there is no such option";
    if (value !== undefined && !fits(value, takes)) throw badOption(prefix ? `${prefix}.${name}` : name, takes);
  }
}

function fits(value: unknown, takes = ""): boolean {
  if (typeof value === "string" && takes.includes(`"${value}"`)) return true;
  if (takes === "anything") return true;
  // Its controller has none, and is easily taken for it.
  if (takes === "AbortSignal") return "addEventListener" in Object(value);
  const kind = Array.isArray(value) ? "array" : typeof value;
  return value !== null && takes.split(" ").includes(kind) && (typeof value !== "number" || value >= 0);
}

/** What both a message and a request take: each may wait for a link. */
export const WAITING_SPEC = { signal: "AbortSignal", scope: '"client" or "connection"' };

/** The error for an option or argument that cannot be right. */
export function badOption(name: string, takes = ""): TypeError {
  return new TypeError(`Option "${name}" takes ${takes}`);
}
