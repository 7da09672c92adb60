import type { Client } from "holdfast";
import type * as Holdfast from "holdfast";

/** What the driver asks of a page that its server guards with headers. */
export interface Guarded {
  readonly client: Client;
  /** What the browser has refused this page. */
  readonly violations: string[];
}

const violations: string[] = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

// By its path, as a page without a bundler has it; the type checker knows the package by its name.
const path = "/package/cdn.js";
const { createClient } = (await import(path)) as typeof Holdfast;
const client = createClient({ url: `/world/${location.search.slice(1)}`, heartbeat: {} });
void client.connect();
const guarded: Guarded = { client, violations };
Object.assign(globalThis, { guarded });
