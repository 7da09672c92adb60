import { HoldfastError } from "./errors.ts";
import { isThenable } from "./thenable.ts";

/** The part of a Standard Schema (https://standardschema.dev, version 1) that holdfast calls. Zod, Valibot and ArkType have it. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema says of a value: the value as it gives it back, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/**
 * The value as the schema gives it back; without a schema the value itself. Inbound data is checked in the turn in which
 * it arrives, so that nothing is reordered: a schema that answers with a promise is refused.
 * @throws HoldfastError INVALID_DATA; its message holds the schema's words and not the data
 */
export function validate(schema: StandardSchema | undefined, value: unknown, what: string): unknown {
  if (!schema) return value;
  const result = schema["~standard"].validate(value);
  if (isThenable(result)) {
    result.then(undefined, () => undefined); // nobody waits for it
    throw new HoldfastError(
      "INVALID_DATA",
      `The schema of ${what} is asynchronous; inbound data needs a synchronous one`,
    );
  }
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ message }) => message).join("; ");
  throw new HoldfastError("INVALID_DATA", `What came for ${what} does not match its schema: ${issues}`);
}
