"""What the servers of the suite answer on /rpc: JSON-RPC 2.0, with one method, and one that is never answered."""
import json


def answer(text):
    call = json.loads(text)
    reply = {"jsonrpc": "2.0", "id": call["id"]}
    if call["method"] == "never":
        return None
    if call["method"] == "sum":
        return json.dumps({**reply, "result": call["params"]["a"] + call["params"]["b"]})
    return json.dumps({**reply, "error": {"code": -32601, "message": "Method not found"}})
