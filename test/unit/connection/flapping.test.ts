import { describe, expect, it } from "vitest";
import { backoffDelay } from "../../../src/connection/backoff.ts";
import { Connection } from "../../../src/connection/connection.ts";
import type { ConnectionOptions } from "../../../src/connection/options.ts";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import type { MemoryConnection } from "../../../src/testing/memory-connection.ts";
import { MemoryServer } from "../../../src/testing/memory-server.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";

const FIVE_MINUTES = 300_000;

/** When a connection dials in five minutes, in ms, if the server treats every link so. */
function dials(
  seed: number,
  treat: (server: MemoryServer, clock: VirtualClock) => void,
  options: Partial<ConnectionOptions> = {},
): number[] {
  const clock = new VirtualClock();
  const server = new MemoryServer({ clock });
  treat(server, clock);
  const random = seededRandom(seed);
  const { transport } = server;
  const connection = new Connection({
    url: "ws://test",
    clock,
    random,
    transport,
    network: new ManualNetwork(),
    ...options,
  });
  void connection.connect();
  clock.advance(FIVE_MINUTES);
  void connection.close();
  expect(server.maxLive).toBe(1);
  return [...server.dialTimes];
}

const after =
  (delay: number, act: (connection: MemoryConnection) => void) =>
  (server: MemoryServer, clock: VirtualClock): void => {
    server.onConnection = (connection) => {
      clock.after(delay, () => {
        act(connection);
      });
    };
  };

const close =
  (code: number): ((connection: MemoryConnection) => void) =>
  (connection) => {
    connection.close(code);
  };

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

describe("a server that accepts and closes after 50 ms, for ever", () => {
  it("is dialled at most 20 times in five minutes, and at ever longer waits up to the cap", () => {
    const counts: number[] = [];
    const waits: number[] = [];
    const lateWaits: number[] = [];
    for (let seed = 1; seed <= 300; seed++) {
      const times = dials(seed, after(50, close(1_000)));
      counts.push(times.length);
      waits.push(...gaps(times));
      lateWaits.push(...gaps(times).slice(4));
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(12);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(300);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_050);
    expect(Math.min(...lateWaits)).toBeGreaterThanOrEqual(15_000);
  });

  it("is so by the arithmetic alone, for a hundred thousand seeds", () => {
    let most = 0;
    for (let seed = 1; seed <= 100_000; seed++) {
      const random = seededRandom(seed);
      let count = 0;
      for (let time = 0; time <= FIVE_MINUTES; time += 50 + backoffDelay({}, count - 1, 1, random)) count++;
      most = Math.max(most, count);
    }
    expect(most).toBeLessThanOrEqual(20);
    expect(most).toBeGreaterThanOrEqual(19);
  });

  it.each<[string, (connection: MemoryConnection) => void]>([
    ["closes with 1001", close(1_001)],
    ["closes with 1011", close(1_011)],
    ["closes with 1012", close(1_012)],
    ["closes with 4001", close(4_001)],
    ["closes without a code", close(1_005)],
    [
      "cuts the link",
      (connection) => {
        connection.drop();
      },
    ],
  ])("and one that %s too", (_, act) => {
    for (let seed = 1; seed <= 50; seed++) expect(dials(seed, after(50, act)).length).toBeLessThanOrEqual(20);
  });

  it.each([0, 1, 50, 1_000, 4_999])("is treated so as long as its links are not stable (%d ms)", (delay) => {
    for (let seed = 1; seed <= 50; seed++)
      expect(dials(seed, after(delay, close(1_000))).length).toBeLessThanOrEqual(20);
  });

  it("is dialled no more often by a connection that shakes hands first", () => {
    const handshake = (): void => undefined;
    for (let seed = 1; seed <= 50; seed++) {
      expect(dials(seed, after(50, close(1_000)), { handshake }).length).toBeLessThanOrEqual(20);
    }
  });

  it("is dialled no more often by a policy of one's own that wants to be quick", () => {
    const times = dials(1, after(50, close(1_000)), { retry: () => 0 });
    expect(Math.min(...gaps(times).slice(1))).toBeGreaterThanOrEqual(300);
  });
});

describe("a server that", () => {
  it.each<[string, (server: MemoryServer) => void]>([
    [
      "refuses",
      (server) => {
        server.answer = { type: "refuse" };
      },
    ],
    [
      "answers with 503",
      (server) => {
        server.answer = { type: "refuse", httpStatus: 503 };
      },
    ],
    [
      "answers with 429",
      (server) => {
        server.answer = { type: "refuse", httpStatus: 429 };
      },
    ],
    [
      "never answers",
      (server) => {
        server.answer = { type: "stall" };
      },
    ],
    [
      "is down",
      (server) => {
        server.stop();
      },
    ],
  ])("%s is dialled at most 20 times in five minutes", (_, treat) => {
    for (let seed = 1; seed <= 100; seed++) expect(dials(seed, treat).length).toBeLessThanOrEqual(20);
  });

  it("has answered well for six seconds is dialled as quickly as at first after the next drop", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const times = dials(seed, (server, clock) => {
        let links = 0;
        server.onConnection = (connection) => {
          // The sixth link lives for six seconds, the others for 50 ms.
          clock.after(++links === 6 ? 6_000 : 50, () => {
            connection.drop();
          });
        };
      });
      const [afterStable = Infinity] = gaps(times).slice(5);
      expect(afterStable).toBeLessThanOrEqual(6_000 + 3_000);
    }
  });
});
