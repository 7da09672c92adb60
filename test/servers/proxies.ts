import { fileURLToPath } from "node:url";
import { awayCases, IDLE, idleCases, limitCases, reloadCases, tlsCases } from "./proxy-cases.ts";
import { cases, fragments, large } from "./cases.ts";
import { freePort, Service } from "./service.ts";
import type { Bench, ServerCase, ServerPlan, Target } from "./world.ts";

const NODE_APP = fileURLToPath(import.meta.resolve("./apps/node.js"));

/** The echo server in Node, which is also what stands behind each proxy. */
export function startNode(bench: Bench, port: number): Promise<Service> {
  return Service.start({ command: process.execPath, args: [NODE_APP, String(port)], port, cwd: bench.folder });
}

interface ProxyPorts {
  readonly plain: number;
  readonly tls: number;
  readonly server: number;
}

interface ProxyKind {
  readonly name: string;
  readonly debian: string;
  readonly command: string;
  /** Writes its configuration, and answers the arguments that make it read that. */
  readonly configure: (bench: Bench, ports: ProxyPorts) => Promise<readonly string[]>;
  readonly cases: Readonly<Record<string, ServerCase>>;
}

function proxy({ name, debian, command, configure, cases: own }: ProxyKind): ServerPlan {
  const start = async (bench: Bench): Promise<Target & AsyncDisposable> => {
    const ports = { plain: await freePort(), tls: await freePort(), server: await freePort() };
    const args = await configure(bench, ports);
    const inner = await startNode(bench, ports.server);
    const env = { HOME: bench.folder, XDG_CONFIG_HOME: bench.folder, XDG_DATA_HOME: bench.folder };
    const service = await Service.start({ command, args, port: ports.plain, cwd: bench.folder, env });
    return {
      url: `ws://127.0.0.1:${String(ports.plain)}`,
      tlsUrl: `wss://localhost:${String(ports.tls)}`,
      service,
      inner,
      async [Symbol.asyncDispose]() {
        await service[Symbol.asyncDispose]();
        await inner[Symbol.asyncDispose]();
      },
    };
  };
  return { name, debian: [debian], start, cases: { ...cases, ...large, ...fragments, ...tlsCases, ...own } };
}

/** The certificate for localhost, in files: of itself, of its key, and of both. */
async function certificate({ authority, write }: Bench): Promise<{ cert: string; key: string; both: string }> {
  const { cert, key } = authority.issue("localhost", "DNS:localhost");
  return {
    cert: await write("front.pem", cert),
    key: await write("front.key", key),
    both: await write("both.pem", `${cert}${key}`),
  };
}

async function nginxConf(bench: Bench, { plain, tls, server }: ProxyPorts): Promise<readonly string[]> {
  const { cert, key } = await certificate(bench);
  const temps = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) => `${each}_temp_path ${each};`);
  const upgrade =
    'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
  const to = (path: string): string => `proxy_pass http://127.0.0.1:${String(server)}${path};`;
  const conf = `daemon off; user root; pid nginx.pid; error_log stderr; worker_processes 1;
events {}
http {
  access_log off; ${temps.join(" ")}
  limit_req_zone $binary_remote_addr zone=dials:1m rate=1r/s;
  server {
    listen 127.0.0.1:${String(plain)};
    listen 127.0.0.1:${String(tls)} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};
    location / { ${upgrade} ${to("")} }
    location /idle { ${upgrade} ${to("/echo")} proxy_read_timeout ${String(IDLE)}ms; }
    location /limited { ${upgrade} ${to("/echo")} limit_req zone=dials; limit_req_status 429; }
    location /plain { ${to("/echo")} }
  }
}
`;
  return ["-p", bench.folder, "-e", "stderr", "-c", await bench.write("nginx.conf", conf)];
}

async function haproxyConf(bench: Bench, { plain, tls, server }: ProxyPorts): Promise<readonly string[]> {
  const { both } = await certificate(bench);
  const conf = `global
  stats socket ${bench.folder}/haproxy.sock mode 600
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend all
  bind 127.0.0.1:${String(plain)}
  bind 127.0.0.1:${String(tls)} ssl crt ${both}
  use_backend idle if { path /idle }
  default_backend server
backend server
  timeout tunnel 60s
  server one 127.0.0.1:${String(server)}
backend idle
  timeout tunnel ${String(IDLE)}ms
  http-request set-path /echo
  server one 127.0.0.1:${String(server)}
`;
  return ["-W", "-db", "-q", "-f", await bench.write("haproxy.cfg", conf)];
}

async function caddyConf(bench: Bench, { plain, tls, server }: ProxyPorts): Promise<readonly string[]> {
  const { cert, key } = await certificate(bench);
  const conf = `{
\tadmin off
\tauto_https off
}
http://127.0.0.1:${String(plain)} {
\treverse_proxy 127.0.0.1:${String(server)}
}
https://localhost:${String(tls)} {
\ttls ${cert} ${key}
\treverse_proxy 127.0.0.1:${String(server)}
}
`;
  return ["run", "--adapter", "caddyfile", "--config", await bench.write("Caddyfile", conf)];
}

/** What users put before their servers. */
export const PROXIES: readonly ServerPlan[] = [
  proxy({
    name: "nginx, before Node",
    debian: "nginx-light",
    command: "/usr/sbin/nginx",
    configure: nginxConf,
    cases: { ...idleCases, ...reloadCases("SIGHUP"), ...awayCases(502), ...limitCases },
  }),
  proxy({
    name: "HAProxy, before Node",
    debian: "haproxy",
    command: "/usr/sbin/haproxy",
    configure: haproxyConf,
    cases: { ...idleCases, ...reloadCases("SIGUSR2"), ...awayCases(503) },
  }),
  proxy({
    name: "Caddy, before Node",
    debian: "caddy",
    command: "/usr/bin/caddy",
    configure: caddyConf,
    cases: awayCases(502),
  }),
];
