import type { OnConnection } from "./fault-server.ts";

/**
 * What a server of JSON-RPC 2.0 does with a connection: "echo" is answered with its params and any other call with an
 * error, as for a method that it does not know. What is no call comes back as it was.
 */
export const answerCalls: OnConnection = (socket) => {
  socket.on("message", (data: Buffer, binary) => {
    const call = binary ? undefined : readCall(data.toString());
    if (!call) {
      socket.send(data, { binary });
    } else if (call.id !== undefined) {
      const { id, method, params } = call;
      const answer = method === "echo" ? { result: params ?? null } : { error: { code: -32601, message: "unknown" } };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    }
  });
};

function readCall(text: string): { id?: unknown; method: unknown; params?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "method" in value ? value : undefined;
  } catch {
    return undefined;
  }
}
