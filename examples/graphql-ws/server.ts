// A GraphQL server whose one subscription counts: npx node examples/graphql-ws/server.ts [port]
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { type Killable, listen } from "../killable.ts";

const EVERY = 5;

async function* count(): AsyncGenerator<{ counted: number }> {
  for (let counted = 1; ; counted++) {
    yield { counted };
    await sleep(EVERY);
  }
}

const type = new GraphQLNonNull(GraphQLInt);
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { answer: { type, resolve: () => 42 } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: { counted: { type, subscribe: () => count() } },
  }),
});

export function startServer(port: number): Promise<Killable> {
  const http = createServer();
  useServer({ schema }, new WebSocketServer({ server: http }));
  return listen(http, port);
}

if (import.meta.main) {
  const { port } = await startServer(Number(process.argv[2] ?? 4000));
  console.log(`ws://127.0.0.1:${String(port)}/`);
}
