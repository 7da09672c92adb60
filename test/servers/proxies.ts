import { callCases } from "./call-cases.ts";
import { cases, fragments, large } from "./cases.ts";
import { startNode } from "./node-app.ts";
import { awayCases, drainCases, IDLE, idleCases, limitCases, reloadCases } from "./proxy-cases.ts";
import { freePort, Service } from "./service.ts";
import { issueFiles, tlsCases } from "./tls-cases.ts";
import type { Bench, ServerCase, ServerPlan, Target } from "./world.ts";

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
  readonly slow?: Readonly<Record<string, ServerCase>>;
}

function proxy({ name, debian, command, configure, cases: own, slow }: ProxyKind): ServerPlan {
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
  return { name, debian: [debian], start, cases: own, ...(slow && { slow }) };
}

/** What holds for a server also holds behind a proxy. */
const common = { ...cases, ...callCases, ...fragments, ...tlsCases };

async function nginxConf(bench: Bench, { plain, tls, server }: ProxyPorts, more = ""): Promise<readonly string[]> {
  const { cert, key } = await issueFiles(bench);
  const temps = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) => `${each}_temp_path ${each};`);
  const upgrade =
    'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
  const to = (path: string): string => `proxy_pass http://127.0.0.1:${String(server)}${path};`;
  const conf = `daemon off; user root; pid nginx.pid; error_log stderr; worker_processes 1; ${more}
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
  const { both } = await issueFiles(bench);
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
  const { cert, key } = await issueFiles(bench);
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
    cases: { ...common, ...idleCases, ...reloadCases("SIGHUP"), ...awayCases(502), ...limitCases },
    slow: large,
  }),
  proxy({
    name: "nginx with `worker_shutdown_timeout`",
    debian: "nginx-light",
    command: "/usr/sbin/nginx",
    configure: (bench, ports) => nginxConf(bench, ports, "worker_shutdown_timeout 500ms;"),
    cases: drainCases("SIGHUP"),
  }),
  proxy({
    name: "HAProxy, before Node",
    debian: "haproxy",
    command: "/usr/sbin/haproxy",
    configure: haproxyConf,
    cases: { ...common, ...idleCases, ...reloadCases("SIGUSR2"), ...awayCases(503) },
    slow: large,
  }),
  proxy({
    name: "Caddy, before Node",
    debian: "caddy",
    command: "/usr/bin/caddy",
    configure: caddyConf,
    cases: { ...common, ...awayCases(502) },
    slow: large,
  }),
];
