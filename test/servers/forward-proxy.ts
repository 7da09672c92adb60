import { HttpsProxyAgent } from "https-proxy-agent";
import { wsTransport } from "holdfast/node";
import { same } from "../support/contract-recorder.ts";
import { cases, fragments, large } from "./cases.ts";
import { callCases } from "./call-cases.ts";
import { startSecureNode } from "./node-app.ts";
import { awayCases } from "./proxy-cases.ts";
import { freePort, Service } from "./service.ts";
import { badCertificateCases, tlsCases } from "./tls-cases.ts";
import type { Bench, ServerCase, ServerPlan, Target, World } from "./world.ts";

const PASSWORD = "s3cret";

/** Dials through the proxy, with this password. */
function refusedWith({ target }: World, password: string | undefined): ReturnType<typeof wsTransport> {
  const address = new URL(target.proxyUrl ?? "");
  address.password = password ?? "";
  if (password === undefined) address.username = "";
  return wsTransport({ agent: new HttpsProxyAgent(address) });
}

const gateCases: Readonly<Record<string, ServerCase>> = {
  "the proxy's refusal is told by its status, without a word of the password": async (world) => {
    const nobody = world.subject("/echo", { transport: refusedWith(world, undefined) });
    same("status", (await nobody.fails("DIAL_FAILED")).httpStatus, 407);
    const wrong = "gue55ed";
    const stranger = world.subject("/echo", { transport: refusedWith(world, wrong) });
    const cause = await stranger.fails("DIAL_FAILED");
    const said = [cause, cause.cause].map((error) => `${String(error)} ${JSON.stringify(error)}`).join();
    if (said.includes(wrong)) throw new Error(`It says the password: ${said}`);
  },
};

async function start(bench: Bench): Promise<Target & AsyncDisposable> {
  const port = await freePort();
  const inner = await startSecureNode(bench);
  const conf = [
    ...[`Port ${String(port)}`, "Listen 127.0.0.1", "Allow 127.0.0.1", `BasicAuth user ${PASSWORD}`],
    ...["Timeout 600", "MaxClients 100", "LogLevel Critical", ""],
  ].join("\n");
  const args = ["-d", "-c", await bench.write("tinyproxy.conf", conf)];
  const service = await Service.start({ command: "/usr/bin/tinyproxy", args, port, cwd: bench.folder });
  const proxyUrl = `http://user:${PASSWORD}@127.0.0.1:${String(port)}`;
  return {
    ...inner,
    proxyUrl,
    via: { agent: new HttpsProxyAgent(proxyUrl) },
    service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await inner[Symbol.asyncDispose]();
    },
  };
}

/** What stands between a company and the world: it is asked to CONNECT, and wants a password. */
export const FORWARD_PROXY: ServerPlan = {
  name: "tinyproxy (`agent`), on the way to Node",
  debian: ["tinyproxy-bin"],
  start,
  cases: {
    ...cases,
    ...callCases,
    ...fragments,
    ...tlsCases,
    ...badCertificateCases,
    ...awayCases(500),
    ...gateCases,
  },
  slow: large,
  remark: "for a `wss:` URL with an IP address, `https-proxy-agent` 9 does not check the certificate against it",
};
