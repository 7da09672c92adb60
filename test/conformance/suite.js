// The WHATWG WebSockets Standard (https://websockets.spec.whatwg.org) as a list of cases, for any class that claims to be a
// `WebSocket`. Plain JavaScript without dependencies, so that browsers, Deno, Bun and Node run the same file:
//
//   const results = await runSuite({ WebSocket, base: "ws://127.0.0.1:1234/", nowhere: "ws://127.0.0.1:1235/" });
//
// `base` is the address of the server in server.ts, and `nowhere` one where nobody listens. Nothing is asserted here: what a case saw is returned beside what the
// standard says.
import { closeCases } from "./close-cases.js";
import { constructorCases } from "./constructor-cases.js";
import { eventCases } from "./event-cases.js";
import { sendCases } from "./send-cases.js";
import { Trial } from "./tools.js";

export const cases = [...constructorCases, ...sendCases, ...closeCases, ...eventCases];

/** Tries a class with every case, one after the other. */
export async function runSuite(options) {
  const results = [];
  for (const { name, section, expected, run } of cases) {
    results.push({ name, section, expected, actual: await runCase(options, run) });
  }
  return results;
}

async function runCase(options, run) {
  const trial = new Trial(options);
  try {
    return plain(await run(trial));
  } catch (error) {
    return `failed: ${error.message}`;
  } finally {
    await trial.end();
  }
}

/** As it will be on the other side of a `postMessage` or in a file. */
function plain(value) {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** Whether two observations are the same. */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
