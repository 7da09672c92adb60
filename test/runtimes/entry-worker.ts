// The suite as a Worker: each request runs it, and is answered with a result on each line.
import { createClient, webSocketTransport } from "holdfast";
import { fetchTransport } from "./fetch-transport.ts";
import type { WayPlan } from "./plans.ts";
import { runSuite } from "./suite.ts";
import type { Way } from "./world.ts";

interface Order {
  readonly control: string;
  readonly plans: readonly WayPlan[];
}

function wayOf({ name, over, isDefault, features }: WayPlan): Way {
  const contract = over === "fetch" ? fetchTransport : webSocketTransport();
  return { name, contract, features, ...(!isDefault && { transport: contract }) };
}

// At module level a Worker may use neither timers nor randomness nor the network: workerd would refuse to start.
createClient({ url: "ws://127.0.0.1:9" });

export default {
  async fetch(request: Request): Promise<Response> {
    const { control, plans } = (await request.json()) as Order; // sent by runtimes.ts
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const encoder = new TextEncoder();
    const say = (line: string): Promise<void> => writer.write(encoder.encode(`${line}\n`));
    void runSuite(control, plans.map(wayOf), (result) => say(JSON.stringify(result)))
      .then(() => say("done"))
      .finally(() => writer.close());
    return new Response(readable);
  },
};
