// The thread of `ServerThread`.
import { parentPort } from "node:worker_threads";
import { FaultServer } from "./fault-server.ts";
import { answerCalls } from "./json-rpc-peer.ts";
import type { ServerReport } from "./server-thread.ts";

const frames: string[] = [];
const server = await FaultServer.start({
  onConnection: (socket, request) => {
    socket.on("message", (data: Buffer) => frames.push(data.toString()));
    answerCalls(socket, request);
  },
});

function report(): ServerReport {
  return { url: server.url, live: server.counters.live, opened: server.counters.opened, frames };
}

parentPort?.on("message", () => parentPort?.postMessage(report()));
parentPort?.postMessage(report());
