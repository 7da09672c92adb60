/** What the options of one part take, by name: words of `typeof`, or literal values, joined by " or ". */
export type OptionSpec = Readonly<Record<string, string>>;

/**
 * Throws a `TypeError` that names the first option which is not in `spec` or not of its kind. A number must be at least
 * 0; Infinity is one, NaN is not. The value itself is never quoted: it may be a secret.
 */
export function checkOptions(options: unknown, spec: OptionSpec, prefix = ""): void {
  if (typeof options !== "object" || options === null) throw badOption(prefix || "options", "an object");
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const takes = Object.hasOwn(spec, name) ? spec[name] : "nothing: there is no such option";
    const kind = typeof value === "string" && takes?.includes(`"${value}"`) === true ? value : typeof value;
    const fits = value === undefined || (value !== null && takes?.includes(kind) && !((value as number) < 0 || value !== value));
    if (!fits) throw badOption(prefix && `${prefix}.${name}` || name, takes);
  }
}

export function badOption(name: string, takes = ""): TypeError {
  return new TypeError(`Option "${name}" takes ${takes}`);
}
