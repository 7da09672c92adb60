import { spawn } from "node:child_process";
import { once } from "node:events";
import { glob, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { systemClock } from "../../src/core/clock.ts";
import { inRoot } from "../../scripts/entries.ts";
import type { TempProject } from "../../scripts/temp-project.ts";
import { expectQuiet, runTool } from "./bundlers.ts";
import type { Bench, Consumer, Report } from "./report.ts";
import { expectNone, expectRpc, tracesOfNode, tracesOfWs } from "./traces.ts";

/** A page that is rendered on the server and lives in the browser, and two routes that dial themselves. */
const FILES: Readonly<Record<string, string>> = {
  "app/layout.js": `export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
  "app/page.js": `import { createClient } from "holdfast";
    import { Feed } from "./feed";
    const client = createClient({ url: "ws://127.0.0.1:9" });
    export default () => <main><p>on the server: {client.state.name}</p><Feed /></main>;`,
  "app/feed.js": `"use client";
    import { createClient } from "holdfast";
    import { useSyncExternalStore } from "react";
    const client = createClient({ url: "ws://127.0.0.1:9" });
    const watch = (changed) => client.on("state", changed);
    const name = () => client.state.name;
    export const Feed = () => <p>in the browser: {useSyncExternalStore(watch, name, name)}</p>;`,
  "app/api/node/route.js": route("nodejs"),
  "app/api/edge/route.js": route("edge"),
};

function route(runtime: string): string {
  return `import "../../client";
    export const runtime = "${runtime}";
    export const dynamic = "force-dynamic";
    export async function GET(request) {
      const text = "y".repeat(100_000);
      const answer = await globalThis.roundTrip(new URL(request.url).searchParams.get("echo"), text).catch(String);
      return new Response(answer === text ? "came back" : String(answer).slice(0, 500));
    }`;
}

/** What Next says of its own edge runtime, whatever is built. */
const EXPECTED = [/The Edge Runtime is deprecated/, /Using edge runtime on a page/];
/** How long the server may take to listen, in ms. */
const PATIENCE = 60_000;

async function codeOf(project: TempProject, pattern: string): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob(pattern, { cwd: project.path })) texts.push(await readFile(project.file(file), "utf8"));
  if (texts.length === 0) throw new Error(`${pattern} is empty`);
  return texts.join("\n");
}

/** Runs `next start`, and `work` with its address. */
async function serving(project: TempProject, work: (address: string) => Promise<void>): Promise<void> {
  const next = project.file("node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], {
    cwd: project.path,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const cancel = systemClock.after(PATIENCE, () => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  try {
    let address: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      address ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (line.includes("Ready")) break;
    }
    if (address === undefined) throw new Error("next start told no address");
    await work(address);
  } finally {
    cancel();
    child.kill("SIGKILL");
    await exited;
  }
}

async function fetchText(address: string): Promise<string> {
  return (await fetch(address, { signal: AbortSignal.timeout(PATIENCE) })).text();
}

async function checkServer(report: Report, project: TempProject, bench: Bench): Promise<void> {
  await report.check("next start serves", () =>
    serving(project, async (address) => {
      await report.check("the page is rendered without globals", async () => {
        const html = (await fetchText(address)).replaceAll("<!-- -->", "");
        if (!/on the server: idle.*in the browser: idle/.test(html)) throw new Error(html.slice(0, 500));
      });
      for (const runtime of ["node", "edge"])
        await report.check(`a route of the ${runtime} runtime makes a round trip`, async () => {
          const answer = await fetchText(`${address}/api/${runtime}?echo=${encodeURIComponent(bench.echoUrl)}`);
          if (answer !== "came back") throw new Error(answer);
        });
    }),
  );
}

async function checkBuild(report: Report, project: TempProject): Promise<void> {
  await report.check("next build warns of nothing but its own edge runtime", async () => {
    const env = { NEXT_TELEMETRY_DISABLED: "1" };
    expectQuiet(await runTool(project, ["next", "build"], env), EXPECTED);
  });
  await report.check("the browser's scripts have nothing of ws or of Node", async () => {
    const code = await codeOf(project, ".next/static/**/*.js");
    expectRpc(code); // so the package is in there
    expectNone([...tracesOfWs(code), ...tracesOfNode(code)]);
  });
  await report.check("the edge route has nothing of ws", async () => {
    const code = await codeOf(project, ".next/server/edge*/**/*.js");
    expectRpc(code);
    expectNone(tracesOfWs(code)); // Next itself imports of Node what its edge runtime has
  });
}

/** Next.js: what a browser gets, what the server renders, and its two kinds of routes. */
export const next: Consumer = {
  name: "Next.js",
  packages: ["next@16", "react@19", "react-dom@19"],
  version: (project) => project.version("next"),
  what: "browser, server rendering, Node route, edge route",
  slow: true,
  check: async (report, project, bench) => {
    for (const [file, text] of Object.entries(FILES)) await project.write(file, text);
    await project.write("app/client.js", await readFile(inRoot("test/package/apps/client.js"), "utf8"));
    await checkBuild(report, project);
    await checkServer(report, project, bench);
  },
};
