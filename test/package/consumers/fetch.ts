// Where the program knows `fetch`, signals of ours are its own.
import { createClient } from "holdfast";

export const client = createClient({
  url: async ({ signal }) => (await fetch("https://example.test/token", { signal })).text(),
});
export const aborted = client.request("sum", {}, { signal: AbortSignal.timeout(1_000) });
