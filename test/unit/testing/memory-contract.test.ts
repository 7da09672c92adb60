import { describe, it } from "vitest";
import { transportContract } from "../../../src/testing/contract/contract.ts";
import { memoryHarness } from "../../../src/testing/contract/memory-harness.ts";
import { memoryWebSocket } from "../../../src/testing/memory-websocket.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { RUNTIME_QUIRKS, type WebSocketQuirk } from "../../../src/testing/websocket-quirks.ts";
import { webSocketTransport } from "../../../src/transport/websocket.ts";
import type { ContractCase, TransportFeatures } from "../../../src/testing.ts";
import type { MemoryServerOptions } from "../../../src/testing/memory-server-options.ts";

const NATIVE: TransportFeatures = {
  headers: false,
  httpStatus: false,
  ping: false,
  terminate: false,
  cancelDial: true,
  checksUrl: true,
};

/** The cases, each in a virtual time of its own. */
function inVirtualTime(
  casesOn: (clock: VirtualClock) => readonly ContractCase[],
): readonly (readonly [name: string, run: () => Promise<void>])[] {
  return casesOn(new VirtualClock()).map(({ name }, index) => [
    name,
    async () => {
      const clock = new VirtualClock();
      await clock.advanceFor(casesOn(clock)[index]?.run() ?? Promise.reject(new Error("there is no such case")));
    },
  ]);
}

const servers: Readonly<Record<string, Partial<MemoryServerOptions>>> = {
  "a MemoryServer": {},
  "a MemoryServer with latency": { latency: 5 },
  "a MemoryServer that delivers synchronously": { delivery: "sync" },
};

describe.each(Object.entries(servers))("%s keeps the transport contract", (_, options) => {
  it.each(inVirtualTime((clock) => transportContract(memoryHarness({ ...options, clock }))))("%s", (_name, run) =>
    run(),
  );
});

/** The cases on the transport over the platform's `WebSocket`, which is one of a runtime with these quirks. */
function overWebSocket(clock: VirtualClock, quirks: readonly WebSocketQuirk[]): readonly ContractCase[] {
  const harness = memoryHarness({ clock });
  return transportContract({
    ...harness,
    features: NATIVE,
    transport: (request, events) =>
      webSocketTransport({ clock, webSocket: () => memoryWebSocket(harness.server(request.url), quirks) })(
        request,
        events,
      ),
  });
}

const runtimes: Readonly<Record<string, readonly WebSocketQuirk[]>> = { standard: [], ...RUNTIME_QUIRKS };

describe.each(Object.entries(runtimes))("the transport over a WebSocket, %s, keeps the contract", (_, quirks) => {
  it.each(inVirtualTime((clock) => overWebSocket(clock, quirks)))("%s", (_name, run) => run());
});

describe("in real time", () => {
  describe.concurrent("a MemoryServer keeps the transport contract", () => {
    for (const { name, run } of transportContract(memoryHarness())) it(name, run);
  });
});
