import { isHoldfastError } from "../../core/errors.ts";
import type { CaseBody, PeerAnswer, TransportHarness } from "./contract.ts";
import { reveals, same } from "./compare.ts";
import type { Recorded, Recorder } from "./recorder.ts";

const SECRET = "s3cr3t";

/** Dials something that fails, and waits for the end. */
async function failure(harness: TransportHarness, recorder: Recorder, answer: PeerAnswer): Promise<Recorded> {
  const { url } = await harness.arrange(answer);
  const recorded = recorder.dial({ url: `${url}?token=${SECRET}`, protocols: [`bearer.${SECRET}`] });
  await recorder.until("closed", () => recorded.end !== undefined);
  await recorder.silence();
  same("opened", recorded.protocol, undefined);
  same("code", recorded.end?.code, 1006);
  same("wasClean", recorded.end?.wasClean, false);
  same("the end reveals the token", reveals(recorded.end, SECRET), false);
  return recorded;
}

/** What `dial` throws for this request. */
function thrownBy(dial: () => unknown): unknown {
  try {
    dial();
  } catch (error) {
    return error;
  }
  throw new Error("dial did not throw");
}

function checkUnsupported(error: unknown): void {
  same("is an error of ours", isHoldfastError(error), true);
  same("code", (error as { code?: unknown }).code, "UNSUPPORTED");
  same("the error reveals the token", reveals(error, SECRET), false);
}

/** The promises about dialling. */
export const dialCases: Readonly<Record<string, CaseBody>> = {
  "opens once, with an empty protocol where none was offered": async (harness, recorder) => {
    const { url } = await harness.arrange({ name: "accept" });
    const recorded = recorder.dial({ url });
    same("send before open", recorded.socket.send("too early"), false);
    await recorder.until("opened", () => recorded.protocol !== undefined);
    await recorder.silence();
    same("protocol", recorded.protocol, "");
    same("end", recorded.end, undefined);
  },

  "offers the subprotocols in order and tells the chosen one": async (harness, recorder) => {
    const dial = await harness.arrange({ name: "accept", protocol: "b.v1" });
    const recorded = recorder.dial({ url: dial.url, protocols: ["a.v1", "b.v1"] });
    await recorder.until("opened on both sides", () => recorded.protocol !== undefined && dial.peer() !== undefined);
    same("protocol", recorded.protocol, "b.v1");
    const offered = String(dial.peer()?.headers["sec-websocket-protocol"]);
    same("offered", offered.split(/\s*,\s*/), ["a.v1", "b.v1"]);
  },

  "delivers what came together with the acceptance, after opened": async (harness, recorder) => {
    const { url } = await harness.arrange({ name: "accept", greeting: "welcome" });
    const recorded = recorder.dial({ url });
    await recorder.until("the greeting", () => recorded.messages.length > 0);
    same("messages", recorded.messages, ["welcome"]);
  },

  "ends a refused dial with 1006, once": async (harness, recorder) => {
    await failure(harness, recorder, { name: "refuse" });
  },

  "ends a dial that breaks off with 1006, once": async (harness, recorder) => {
    await failure(harness, recorder, { name: "break" });
  },

  "ends a refused upgrade with 1006, and tells the status where it can": async (harness, recorder) => {
    for (const status of [401, 503]) {
      const recorded = await failure(harness, recorder, { name: "status", status });
      same("httpStatus", recorded.end?.httpStatus, harness.features.httpStatus ? status : undefined);
    }
  },

  "waits for an upgrade that is not answered, until it is abandoned": async (harness, recorder) => {
    const dial = await harness.arrange({ name: "silence" });
    const recorded = recorder.dial(dial);
    await recorder.silence();
    same("end", recorded.end, undefined);
    recorded.abandon(1000, "too slow");
    if (harness.features.cancelDial) await recorder.until("the connection to go", () => dial.gone());
    await recorder.silence();
  },

  "is abandoned in the turn of the dial without a word": async (harness, recorder) => {
    for (const name of ["accept", "refuse", "break"] as const) {
      const { url } = await harness.arrange({ name });
      recorder.dial({ url }).abandon();
      await recorder.silence();
    }
  },

  "ends once when it is closed before it has opened": async (harness, recorder) => {
    const { url } = await harness.arrange({ name: "silence" });
    const recorded = recorder.dial({ url });
    recorded.socket.close(1000, "never mind");
    await recorder.until("closed", () => recorded.end !== undefined);
    await recorder.silence();
    same("code", recorded.end?.code, 1006);
  },

  "sends the headers, or throws": async (harness, recorder) => {
    const dial = await harness.arrange({ name: "accept" });
    const request = { url: dial.url, headers: { "X-Token": SECRET } };
    if (!harness.features.headers) {
      checkUnsupported(thrownBy(() => recorder.dial(request)));
      return;
    }
    recorder.dial(request);
    await recorder.until("accepted", () => dial.peer() !== undefined);
    same("header", dial.peer()?.headers["x-token"], SECRET);
  },

  "takes empty headers for none": async (harness, recorder) => {
    const { url } = await harness.arrange({ name: "accept" });
    const recorded = recorder.dial({ url, headers: {} });
    await recorder.until("opened", () => recorded.protocol !== undefined);
  },

  "throws for a URL that is none, without quoting it": (harness, recorder) => {
    if (harness.features.checksUrl) checkUnsupported(thrownBy(() => recorder.dial({ url: `ws://a b/?${SECRET}` })));
    return Promise.resolve();
  },
};
