import { type HoldfastError, isHoldfastError, jsonRpc } from "holdfast";
import { same } from "../support/contract-recorder.ts";
import type { ServerCase } from "./world.ts";

const CALLING = { dialect: jsonRpc } as const;

/** What a call that must fail fails with: one of ours, whichever of them. */
async function failure(
  call: Promise<unknown>,
): Promise<HoldfastError & { readonly sent?: boolean; readonly remoteCode?: number | string }> {
  const outcome: unknown = await call.catch((error: unknown) => error);
  if (!isHoldfastError(outcome)) throw new Error(`It did not fail as it should: ${String(outcome)}`);
  return outcome;
}

/** For servers that answer JSON-RPC 2.0 on /rpc. */
export const callCases: Readonly<Record<string, ServerCase>> = {
  "a hundred requests at the same time are answered, and an unknown method is the server's error": async (world) => {
    const { client } = await world.open("/rpc", CALLING);
    const sums = Array.from({ length: 100 }, (_, n) => client.request("sum", { a: n, b: 1 }));
    same("sums", (await Promise.all(sums)).join(), sums.map((_, n) => n + 1).join());
    same("code", (await failure(client.request("unheard of"))).remoteCode, -32601);
  },

  "of a request that was written when the server was killed nobody knows, and one that waited is answered": async (
    world,
  ) => {
    const subject = await world.open("/rpc", CALLING);
    const written = failure(subject.client.request("never"));
    await subject.client.request("sum", { a: 1, b: 2 }); // the link is ordered: the first has arrived
    await world.target.service.stop("SIGKILL");
    const { code, sent } = await written;
    same("outcome", [code, sent], ["OUTCOME_UNKNOWN", true]);
    const waited = subject.client.request("sum", { a: 3, b: 4 });
    await world.target.service.start();
    same("sum", await waited, 7);
  },
};
