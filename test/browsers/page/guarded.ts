import type { Client } from "holdfast";
import type * as Holdfast from "holdfast";

/** What the driver asks of a page that its server guards with headers. */
export interface Guarded {
  readonly client: Client;
  /** What the browser has refused this page. */
  readonly violations: string[];
  /** The code of what `send` throws when it is given shared memory; "none" where there is none. */
  sendShared(): string;
}

const violations: string[] = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

// By its path, as a page without a bundler has it; the type checker knows the package by its name.
const path = "/package/cdn.js";
const { createClient, isHoldfastError } = (await import(path)) as typeof Holdfast;
const client = createClient({ url: `/world/${location.search.slice(1)}`, heartbeat: {} });
void client.connect();
const guarded: Guarded = { client, violations, sendShared };
Object.assign(globalThis, { guarded });

function sendShared(): string {
  // WebKitGTK has none, isolated or not.
  if (!("SharedArrayBuffer" in globalThis)) return "none";
  const raw = createClient({ url: "/nowhere", dialect: "raw" });
  try {
    return raw.send(new Uint8Array(new SharedArrayBuffer(4)));
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error);
  }
}
