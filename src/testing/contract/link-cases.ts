import type { CaseBody, ContractDial, ContractPeer, PeerAnswer, TransportHarness } from "./contract.ts";
import { same } from "./compare.ts";
import type { Recorded, Recorder } from "./recorder.ts";

interface OpenLink {
  readonly recorded: Recorded;
  readonly peer: ContractPeer;
  readonly dial: ContractDial;
}

async function open(
  harness: TransportHarness,
  recorder: Recorder,
  answer: PeerAnswer = { name: "accept" },
): Promise<OpenLink> {
  const dial = await harness.arrange(answer);
  const recorded = recorder.dial(dial);
  await recorder.until("opened on both sides", () => recorded.protocol !== undefined && dial.peer() !== undefined);
  const peer = dial.peer();
  if (!peer) throw new Error("The peer is gone already");
  return { recorded, peer, dial };
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
}

/** The promises about a link that has opened. */
export const linkCases: Readonly<Record<string, CaseBody>> = {
  "delivers text as a string and bytes as an ArrayBuffer, in order": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    const sent = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? bytes(i === 30 ? 1_000_000 : i) : `text ${i} \u00e9\u{1f600}`,
    );
    for (const data of sent) peer.send(data);
    await recorder.until("all messages", () => recorded.messages.length >= sent.length);
    const expected = sent.map((data) => (typeof data === "string" ? data : data.slice().buffer));
    same("messages", recorded.messages.length, expected.length);
    expected.forEach((data, i) => {
      same(`message ${i}`, recorded.messages[i], data);
    });
  },

  "sends text as text and bytes as bytes, in order": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    const whole = bytes(300);
    const sent = [
      "text \u00e9\u{1f600}",
      whole.buffer as ArrayBuffer,
      "",
      whole.subarray(100, 103),
      new DataView(whole.buffer as ArrayBuffer, 5, 2),
      "last",
    ];
    for (const data of sent) same("send", recorded.socket.send(data), true);
    await recorder.until("all messages", () => peer.received.length >= sent.length);
    const expected = ["text \u00e9\u{1f600}", whole, "", whole.slice(100, 103), whole.slice(5, 7), "last"];
    expected.forEach((data, i) => {
      same(`message ${i}`, peer.received[i], data);
    });
  },

  "reports what is buffered as a number, or not at all": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    const { bufferedAmount } = recorded.socket;
    if (bufferedAmount === undefined) return;
    same("at first", bufferedAmount, 0);
    recorded.socket.send("x".repeat(100_000));
    await recorder.until("the message", () => peer.received.length > 0);
    await recorder.until("an empty buffer", () => recorded.socket.bufferedAmount === 0);
  },

  "tells of no progress while nothing moves, if it tells of any": async (harness, recorder) => {
    const { recorded } = await open(harness, recorder);
    await recorder.silence();
    recorded.socket.progressed?.(); // of opening
    await recorder.silence();
    same("progressed", recorded.socket.progressed?.() ?? false, false);
  },

  "tells the peer's close code and reason, once and last": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    peer.send("a");
    peer.send("b");
    peer.close(4321, "b\u00e4h");
    peer.send("too late");
    await recorder.until("closed", () => recorded.end !== undefined);
    await recorder.silence();
    same("messages", recorded.messages, ["a", "b"]);
    same("end", [recorded.end?.code, recorded.end?.reason, recorded.end?.wasClean], [4321, "b\u00e4h", true]);
    same("send after closed", recorded.socket.send("too late"), false);
  },

  "tells 1005 for a close frame without a code": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    peer.close();
    await recorder.until("closed", () => recorded.end !== undefined);
    same("end", [recorded.end?.code, recorded.end?.reason, recorded.end?.wasClean], [1005, "", true]);
  },

  "tells 1006 for a link that breaks, once": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    peer.destroy();
    await recorder.until("closed", () => recorded.end !== undefined);
    await recorder.silence();
    same("end", [recorded.end?.code, recorded.end?.reason, recorded.end?.wasClean], [1006, "", false]);
  },

  "closes with a code and a reason, and sends nothing more": async (harness, recorder) => {
    const { recorded, peer } = await open(harness, recorder);
    recorded.socket.send("last words");
    recorded.socket.close(3999, "d\u00f6ne");
    same("send while closing", recorded.socket.send("too late"), false);
    await recorder.until("both ends", () => recorded.end !== undefined && peer.end !== undefined);
    same("received", peer.received, ["last words"]);
    same("the peer's end", peer.end, { code: 3999, reason: "d\u00f6ne" });
    same("end", [recorded.end?.code, recorded.end?.reason, recorded.end?.wasClean], [3999, "d\u00f6ne", true]);
  },

  "waits for a peer that does not answer the close, until it is abandoned": async (harness, recorder) => {
    const { recorded, peer, dial } = await open(harness, recorder);
    await peer.freeze();
    recorded.socket.close(1000, "");
    await recorder.silence();
    same("end", recorded.end, undefined);
    recorded.abandon();
    if (harness.features.terminate) await recorder.until("the connection to go", () => dial.gone());
    await recorder.silence();
  },

  "says goodbye when it is abandoned with a code, and is silent at once": async (harness, recorder) => {
    const { recorded, peer, dial } = await open(harness, recorder);
    peer.send("on its way");
    recorded.abandon(4000, "moving on");
    same("send after abandon", recorded.socket.send("too late"), false);
    await recorder.until("the peer's end", () => peer.end !== undefined);
    same("the peer's end", peer.end, { code: 4000, reason: "moving on" });
    recorded.abandon(4001, "again");
    await recorder.until("the connection to go", () => dial.gone());
    await recorder.silence();
  },

  "lets go at once when it is abandoned without a code": async (harness, recorder) => {
    const { recorded, peer, dial } = await open(harness, recorder);
    if (harness.features.terminate) await peer.freeze();
    recorded.abandon();
    recorded.abandon();
    await recorder.until("the connection to go", () => dial.gone());
    await recorder.silence();
  },

  "can be abandoned from within each call": async (harness, recorder) => {
    for (const when of ["opened", "message", "closed"] as const) {
      const dial = await harness.arrange({ name: "accept", greeting: "hello" });
      const recorded = recorder.dial(dial);
      recorded.onEvent = (name) => {
        if (name === when) recorded.abandon();
      };
      await recorder.until("accepted", () => dial.peer() !== undefined);
      if (when === "closed") dial.peer()?.close(1000);
      await recorder.until(when, () => recorded.mustBeSilent);
      await recorder.silence();
    }
  },

  "sends pings and hears pongs, where there are any": async (harness, recorder) => {
    const { recorded } = await open(harness, recorder);
    same("has ping", typeof recorded.socket.ping === "function", harness.features.ping);
    recorded.socket.ping?.();
    if (harness.features.ping) await recorder.until("the pong", () => recorded.pongs > 0);
  },
};
