import { fileURLToPath } from "node:url";
import type { Certificate } from "../support/certificates.ts";
import { freePort, Service } from "./service.ts";
import { issueFiles } from "./tls-cases.ts";
import type { Bench, Target } from "./world.ts";

const APP = fileURLToPath(import.meta.resolve("./apps/node.js"));

/** The echo server in Node, which is also what stands behind each proxy. `tls` are ports, certificates and keys. */
export function startNode(bench: Bench, port: number, ...tls: readonly string[]): Promise<Service> {
  return Service.start({ command: process.execPath, args: [APP, String(port), ...tls], port, cwd: bench.folder });
}

/** The same, with TLS on three ports more: of the private authority, signed by nobody else, and for another name. */
export async function startSecureNode(bench: Bench): Promise<Target & AsyncDisposable> {
  const { authority, write } = bench;
  const ports = { plain: await freePort(), trusted: await freePort(), own: await freePort(), other: await freePort() };
  const issued = await issueFiles(bench);
  const files = async (name: string, { cert, key }: Certificate): Promise<readonly string[]> => [
    await write(`${name}.pem`, cert),
    await write(`${name}.key`, key),
  ];
  const service = await startNode(
    bench,
    ports.plain,
    ...[String(ports.trusted), issued.cert, issued.key],
    ...[String(ports.own), ...(await files("own", authority.selfSigned("localhost", "DNS:localhost")))],
    ...[String(ports.other), ...(await files("other", authority.issue("other", "DNS:elsewhere.test")))],
  );
  return {
    url: `ws://127.0.0.1:${String(ports.plain)}`,
    tlsUrl: `wss://localhost:${String(ports.trusted)}`,
    selfSignedUrl: `wss://localhost:${String(ports.own)}`,
    misnamedUrl: `wss://localhost:${String(ports.other)}`,
    service,
    inner: service,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
