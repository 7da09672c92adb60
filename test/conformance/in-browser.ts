import { build } from "esbuild";
import { inRoot } from "../../scripts/entries.ts";
import type { Browser } from "../browsers/browser.ts";
import { until } from "../browsers/wait.ts";
import type { Page } from "./server.ts";
import type { Addresses, Results } from "./subjects.ts";

/** How long the suite may take in a browser, in ms. */
const PATIENCE = 300_000;

/** What a browser loads: the suite with the built package, as a bundler for pages packs it. */
export async function conformancePages(): Promise<Readonly<Record<string, Page>>> {
  const { outputFiles } = await build({
    entryPoints: [inRoot("test/conformance/entry-page.ts")],
    alias: { "holdfast/websocket": inRoot("dist/browser/websocket.js") },
    bundle: true,
    write: false,
    logLevel: "error",
    format: "esm",
    target: "es2022",
  });
  const [script] = outputFiles;
  return {
    "/suite.html": { type: "text/html", body: '<!doctype html><script type="module" src="/suite.js"></script>' },
    "/suite.js": { type: "text/javascript", body: script?.text ?? "" },
  };
}

/** Runs the suite in a page of `origin`. */
export async function runInBrowser(browser: Browser, origin: string, addresses: Addresses): Promise<Results> {
  const tab = await browser.open();
  await tab.goto(new URL("/suite.html", origin).href);
  await until("the suite", async () => ((await tab.ask("typeof conformance")) === "object" ? true : undefined));
  await tab.ask(`(conformance.begin(${JSON.stringify(addresses)}), true)`);
  const look = async (): Promise<unknown> => (await tab.ask("conformance.results")) ?? undefined;
  const results = JSON.parse(String(await until("the end of the suite", look, PATIENCE))) as Results | string;
  if (typeof results === "string") throw new Error(results);
  return results; // see entry-page.ts
}
