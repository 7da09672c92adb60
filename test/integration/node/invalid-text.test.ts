import { expect, it } from "vitest";
import type { WebSocket } from "ws";
import { Connection } from "../../../src/connection/connection.ts";
import type { ConnectionError } from "../../../src/core/errors.ts";
import { wsTransport } from "../../../src/transport/platform-node.ts";
import { until } from "../../support/contract-recorder.ts";
import { FaultServer } from "../../support/fault-server.ts";
import { LiveClient } from "../../support/live-client.ts";
import { expectNothingUncaught } from "../../support/uncaught.ts";

expectNothingUncaught();

/** Bytes on the wire as they are: `ws` would not send such a text. */
function writeRaw(socket: WebSocket, bytes: Buffer): void {
  (socket as unknown as { readonly _socket: { write(data: Buffer): void } })._socket.write(bytes);
}

it("a server that sends text which is not UTF-8 is told 1007, and the link is renewed", async () => {
  const closes: number[] = [];
  const server = await FaultServer.start({
    onConnection: (socket) => {
      socket.on("close", (code) => closes.push(code));
      if (closes.length === 0 && server.counters.dials === 1) {
        socket.send("before");
        writeRaw(socket, Buffer.from([0x81, 3, 0x68, 0xc3, 0x28]));
        socket.send("after");
        socket.send(new Uint8Array([1, 2, 3]));
      }
    },
  });
  await using live = new LiveClient({ url: server.url, transport: wsTransport(), dialect: "raw" });
  live.client.connect().catch(() => undefined);
  await until("a second dial", () => server.counters.dials === 2);
  expect(live.messages).toEqual(["before"]);
  expect(closes).toEqual([1007]);
  await live.client.close();
  await server.stop();
});

it("a close reason that is not UTF-8 makes no clean end: the link is lost with 1006", async () => {
  const server = await FaultServer.start({
    onConnection: (socket) => {
      writeRaw(socket, Buffer.from([0x88, 4, 0x03, 0xe8, 0xff, 0xfe]));
    },
  });
  const ends: ConnectionError[] = [];
  const stop = new Connection({
    url: server.url,
    transport: wsTransport(),
    retry: ({ cause }) => {
      ends.push(cause);
      return "stop";
    },
  });
  await stop.connect();
  await until("the end", () => stop.state.name === "closed");
  expect(ends).toMatchObject([{ code: "CONNECTION_LOST", closeCode: 1006 }]);
  await server.stop();
});
