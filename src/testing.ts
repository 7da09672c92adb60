/**
 * `holdfast/testing`: time, randomness, network, server and `WebSocket` that do what a test says, for your own suites. Nothing here
 * waits for anything real, and the same test does the same in every run.
 *
 * @example
 * const clock = new VirtualClock();
 * const server = new MemoryServer({ clock });
 * const network = new ManualNetwork();
 * const client = createClient({ url: "ws://test", clock, network, random: seededRandom(1), transport: server.transport });
 * client.connect();
 * await clock.advanceAsync(0); // open
 * server.dropAll();
 * await clock.advanceUntil(() => server.dials === 2, 60_000); // it dialled again
 *
 * @packageDocumentation
 */
export { systemClock } from "./core/clock.ts";
export {
  transportContract,
  type ContractCase,
  type ContractDial,
  type ContractPeer,
  type PeerAnswer,
  type TransportFeatures,
  type TransportHarness,
} from "./testing/contract/contract.ts";
export { memoryHarness, type MemoryHarness } from "./testing/contract/memory-harness.ts";
export { ManualNetwork, type JumpingClock, type ThrottlingClock } from "./testing/manual-network.ts";
export type { MemoryConnection, MemoryConnectionState } from "./testing/memory-connection.ts";
export { BROKEN_PROMISES } from "./testing/memory-script.ts";
export type { BrokenPromise, ConnectionEnd, DialAnswer, Direction, ReceivedMessage } from "./testing/memory-script.ts";
export { MemoryServer } from "./testing/memory-server.ts";
export type { MemoryServerOptions } from "./testing/memory-server-options.ts";
export { memoryWebSocket, type MemoryWebSocket, type MemoryWebSocketClass } from "./testing/memory-websocket.ts";
export { PageClock } from "./testing/page-clock.ts";
export { chance, fork, integer, pick, seededRandom } from "./testing/seeded-random.ts";
export { VirtualClock, type VirtualClockOptions } from "./testing/virtual-clock.ts";
export type {
  MemoryWebSocketEvent,
  MemoryWebSocketEventType,
  MemoryWebSocketListener,
} from "./testing/websocket-events.ts";
export { RUNTIME_QUIRKS, type WebSocketQuirk } from "./testing/websocket-quirks.ts";
