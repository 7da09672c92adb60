import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname } from "node:path";
import { FAULTS, type Faults } from "./faults.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".map": "application/json",
};

/** What is served beside the files of page/: the built package, and the chart library. */
const OTHERS: Readonly<Record<string, URL>> = {
  "/holdfast.js": new URL("../../dist/cdn/holdfast.js", import.meta.url),
  "/holdfast.js.map": new URL("../../dist/cdn/holdfast.js.map", import.meta.url),
  "/uplot.js": new URL("../../node_modules/uplot/dist/uPlot.esm.js", import.meta.url),
  "/uplot.css": new URL("../../node_modules/uplot/dist/uPlot.min.css", import.meta.url),
};

/** The file of the built package that a page loads. */
export const CDN_FILE: URL = new URL("../../dist/cdn/holdfast.js", import.meta.url);

/** The web server of the page: files, where the feed is, and the buttons that hurt it. */
export function createPageServer(feedPort: number, faults: Faults): Server {
  return createServer((request, response) => {
    respond(request, response, feedPort, faults).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  feedPort: number,
  faults: Faults,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const host = localHost(request);
  // Without this, any web site could have its name point to this machine and talk to the demo.
  if (host === undefined) {
    send(response, 403, "text/plain", "The demo answers to localhost only.\n");
  } else if (path === "/config.json") {
    send(response, 200, TYPES[".json"], JSON.stringify({ feed: `ws://${host}:${feedPort}/` }));
  } else if (path.startsWith("/control/")) {
    await control(request, response, path.slice("/control/".length), faults);
  } else {
    // The feed has a port of its own, so 'self' does not cover it.
    const policy = `default-src 'self'; connect-src 'self' ws://${host}:${feedPort}; base-uri 'none'; frame-ancestors 'none'`;
    response.setHeader("content-security-policy", policy);
    await sendFile(response, path);
  }
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const file = fileOf(path);
  const content = file && (await readFile(file).catch(() => undefined));
  if (content === undefined) send(response, 404, "text/plain", "Not found\n");
  else send(response, 200, TYPES[extname(file?.pathname ?? "")], content);
}

async function control(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  faults: Faults,
): Promise<void> {
  const { method, headers } = request;
  const fault = FAULTS.find((known) => known === name);
  if (method !== "POST") {
    send(response, 405, "text/plain", "POST only\n");
  } else if (headers.origin !== undefined && headers.origin !== `http://${headers.host ?? ""}`) {
    send(response, 403, "text/plain", "Only the demo's own page may do this\n");
  } else if (fault === undefined) {
    send(response, 404, "text/plain", `One of ${FAULTS.join(", ")}\n`);
  } else {
    await faults.inflict(fault);
    response.writeHead(204).end();
  }
}

/** The host name by which the browser knows this server, if it is one of this machine's own. */
function localHost(request: IncomingMessage): string | undefined {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.exec(request.headers.host ?? "")?.[1];
}

function fileOf(path: string): URL | undefined {
  if (path === "/") return new URL("page/index.html", import.meta.url);
  // One level, and no name that could lead elsewhere.
  if (/^\/[a-z-]+\.(js|css|svg)$/.test(path) && !(path in OTHERS)) return new URL(`page${path}`, import.meta.url);
  return OTHERS[path];
}

function send(response: ServerResponse, status: number, type: string | undefined, body: string | Buffer): void {
  response.writeHead(status, {
    "content-type": type ?? "application/octet-stream",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
