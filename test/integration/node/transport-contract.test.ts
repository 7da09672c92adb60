import { afterAll, describe, expect, it } from "vitest";
import { wsTransport } from "../../../src/transport/platform-node.ts";
import type { Transport } from "../../../src/transport/transport.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";
import { type TransportFeatures, transportContract } from "../../../src/testing/contract/contract.ts";
import { NodeHarness } from "../../support/node-harness.ts";

const ws = { headers: true, httpStatus: true, ping: true, terminate: true, cancelDial: true, checksUrl: true };
const native = { headers: false, httpStatus: false, ping: false, terminate: false, cancelDial: true, checksUrl: true };

function run(name: string, transport: Transport, features: TransportFeatures): void {
  describe(name, () => {
    const harness = new NodeHarness(transport, features);
    afterAll(() => harness.stop());
    for (const { name: promise, run: check } of transportContract(harness)) {
      it(promise, async () => {
        await expect(check()).resolves.toBeUndefined();
      });
    }
  });
}

run("the transport over ws", wsTransport(), ws);
run("the transport over ws, with compression", wsTransport({ perMessageDeflate: true }), ws);
run("the transport over Node's own WebSocket", webSocketTransport(), native);
