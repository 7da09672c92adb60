import { same } from "../support/contract-recorder.ts";
import { exchange } from "./cases.ts";
import { eventually, freePort, Service } from "./service.ts";
import type { Bench, ServerCase, ServerPlan, Target } from "./world.ts";

/** What a server that ends is known by, whatever it speaks. */
function stopCase(path: string, options = {}): Readonly<Record<string, ServerCase>> {
  return {
    "a server that is told to end is left, and found again": async (world) => {
      const subject = await world.open(path, options);
      const stopped = world.target.service.stop("SIGTERM");
      world.note("SIGTERM", String((await subject.fails("CONNECTION_LOST")).closeCode));
      await stopped;
      await world.target.service.start();
      await subject.opens();
    },
  };
}

const text = (data: unknown): string =>
  data instanceof ArrayBuffer ? Buffer.from(data).toString("latin1") : String(data);

const natsCases: Readonly<Record<string, ServerCase>> = {
  "its protocol is spoken raw: INFO comes, PING is answered by PONG": async (world) => {
    const subject = await world.open("");
    await eventually("INFO", () => text(subject.messages[0]).startsWith("INFO "));
    subject.client.send('CONNECT {"verbose":false}\r\n');
    same("answer", text(await exchange(subject, "PING\r\n")), "PONG\r\n");
  },

  "what it does not understand ends the link with an error that comes first, and 1002 is the end": async (world) => {
    const subject = await world.open("");
    await eventually("INFO", () => subject.messages.length > 0);
    if (!text(await exchange(subject, "no such command\r\n")).startsWith("-ERR")) throw new Error("No error came");
    same("close code", (await subject.fails("CONNECTION_LOST")).closeCode, 1002);
    same("state", subject.client.state.name, "closed");
  },

  "a close frame with a code that may not be sent ends the link as 1006 does, and the client dials again": async (
    world,
  ) => {
    const subject = await world.open("");
    const cause = await subject.fails("CONNECTION_LOST"); // nobody answers its PINGs
    world.note("bad end", `an illegal close frame, told as ${String(cause.closeCode)}`);
    same("close code", cause.closeCode, 1006);
    await subject.opens();
  },

  ...stopCase(""),
};

const MQTT = { protocols: "mqtt" };
/** MQTT 3.1.1, section 3.1: CONNECT, level 4, clean session, 60 s, client "holdfast". */
const CONNECT = Buffer.concat([
  Buffer.from([0x10, 20, 0, 4]),
  Buffer.from("MQTT"),
  Buffer.from([4, 2, 0, 60, 0, 8]),
  Buffer.from("holdfast"),
]);

const mosquittoCases: Readonly<Record<string, ServerCase>> = {
  "its protocol is spoken raw: CONNECT is answered by CONNACK, PINGREQ by PINGRESP": async (world) => {
    const subject = await world.open("/", MQTT);
    same("protocol", subject.client.protocol, "mqtt");
    const answer = async (packet: Uint8Array): Promise<string> => {
      const found = await exchange(subject, packet);
      return found instanceof ArrayBuffer ? Buffer.from(found).toString("hex") : "";
    };
    same("CONNACK", await answer(CONNECT), "20020000");
    same("PINGRESP", await answer(Uint8Array.of(0xc0, 0)), "d000");
  },

  "what it does not understand ends the link, and the client dials again": async (world) => {
    const subject = await world.open("/", MQTT);
    subject.client.send(Uint8Array.of(0xff, 0));
    world.note("bad end", `no close frame, told as ${String((await subject.fails("CONNECTION_LOST")).closeCode)}`);
    await subject.opens();
  },

  ...stopCase("/", MQTT),
};

function stranger(
  name: string,
  debian: string,
  command: string,
  cases: Readonly<Record<string, ServerCase>>,
  configure: (port: number, other: number) => string,
): ServerPlan {
  const start = async (bench: Bench): Promise<Target & AsyncDisposable> => {
    const port = await freePort();
    const file = await bench.write(`${debian}.conf`, configure(port, await freePort()));
    const service = await Service.start({ command, args: ["-c", file], port, cwd: bench.folder });
    const stop = (): Promise<void> => service[Symbol.asyncDispose]();
    return { url: `ws://127.0.0.1:${String(port)}`, service, inner: service, [Symbol.asyncDispose]: stop };
  };
  return { name, debian: [debian], start, cases };
}

/** Servers that speak something of their own over WebSocket. */
export const STRANGERS: readonly ServerPlan[] = [
  stranger(
    "mosquitto (MQTT)",
    "mosquitto",
    "/usr/sbin/mosquitto",
    mosquittoCases,
    (port, other) =>
      // Its WebSocket listener works only beside a plain one.
      [`listener ${String(other)} 127.0.0.1`, `listener ${String(port)} 127.0.0.1`, "protocol websockets", ""].join(
        "\n",
      ) + "allow_anonymous true\nuser root\n",
  ),
  stranger(
    "nats-server (NATS)",
    "nats-server",
    "/usr/sbin/nats-server",
    natsCases,
    (port, other) => `listen: "127.0.0.1:${String(other)}"
websocket { listen: "127.0.0.1:${String(port)}", no_tls: true }
ping_interval: "1s"
ping_max: 2
`,
  ),
];
