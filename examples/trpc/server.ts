// A tRPC server whose one subscription counts on from what the client has seen: npx node examples/trpc/server.ts [port]
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { initTRPC, tracked } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocketServer } from "ws";
import { type Killable, listen } from "../killable.ts";

const EVERY = 5;

const { router, procedure } = initTRPC.create();

/** What tRPC sends again when it subscribes again; it is not checked further here. */
function sinceOf(input: unknown): { readonly lastEventId?: string | undefined } {
  return typeof input === "object" && input !== null ? input : {};
}

const appRouter = router({
  answer: procedure.query(() => 42),
  counted: procedure.input(sinceOf).subscription(async function* ({ input, signal }) {
    for (let count = Number(input.lastEventId ?? 0) + 1; !signal?.aborted; count++) {
      yield tracked(String(count), { count });
      await sleep(EVERY);
    }
  }),
});

export type AppRouter = typeof appRouter;

export function startServer(port: number): Promise<Killable> {
  const http = createServer();
  applyWSSHandler({ wss: new WebSocketServer({ server: http }), router: appRouter });
  return listen(http, port);
}

if (import.meta.main) {
  const { port } = await startServer(Number(process.argv[2] ?? 4001));
  console.log(`ws://127.0.0.1:${String(port)}/`);
}
