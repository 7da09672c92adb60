/** What the servers of the suite answer on /rpc: JSON-RPC 2.0, with one method, and one that is never answered. */
export function answer(text) {
  const { id, method, params } = JSON.parse(text);
  const reply = { jsonrpc: "2.0", id };
  if (method === "never") return undefined;
  if (method === "sum") return JSON.stringify({ ...reply, result: params.a + params.b });
  return JSON.stringify({ ...reply, error: { code: -32601, message: "Method not found" } });
}
