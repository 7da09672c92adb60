import { describe, expect, it } from "vitest";
import { Connection } from "../../../src/connection/connection.ts";
import { ManualNetwork } from "../../../src/testing/manual-network.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import type { SocketEnd, SocketEvents } from "../../../src/transport/transport.ts";

/** A link that ends like that, before or after it has opened; and what is said about it. */
function messageOf(end: Partial<SocketEnd>, opened: boolean): string {
  let events: SocketEvents | undefined;
  const connection = new Connection({
    url: "ws://example.test/",
    clock: new VirtualClock(),
    network: new ManualNetwork(),
    transport: (_, told) => {
      events = told;
      return { bufferedAmount: 0, send: () => true, close: () => undefined, abandon: () => undefined };
    },
  });
  void connection.connect();
  if (opened) events?.opened("");
  events?.closed({ code: 1006, reason: "", wasClean: false, ...end });
  const { state } = connection;
  return "cause" in state ? state.cause.message : "";
}

function coded(code: string): Error {
  return Object.assign(new Error("connect 10.0.0.1:80"), { code });
}

describe("the message of a connection's error", () => {
  it.each<[string, Partial<SocketEnd>, string]>([
    ["the HTTP status of a refusal", { httpStatus: 401, cause: new Error("Unexpected") }, "HTTP status 401"],
    ["the runtime's code for it", { cause: coded("ECONNREFUSED") }, "ECONNREFUSED"],
    ["the close code, where it has none, and not its words", { cause: new Error("at 10.0.0.1") }, "close code 1006"],
    ["the close code, where it is no error", { cause: "token=s3cr3t" }, "close code 1006"],
    ["the close code, where there is nothing else", { code: 4000 }, "close code 4000"],
  ])("says %s", (_, end, why) => {
    expect(messageOf(end, false)).toBe(`The link could not be opened: ${why}`);
    expect(messageOf(end, true)).toBe(`The link was lost: ${why}`);
  });
});
