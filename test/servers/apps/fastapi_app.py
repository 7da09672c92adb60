"""The echo server of the suite on FastAPI. uvicorn runs it, with either of its WebSocket implementations."""
from fastapi import FastAPI, WebSocket
from rpc import answer

app = FastAPI()


@app.websocket("/echo")
async def echo(socket: WebSocket):
    offered = socket.scope["subprotocols"]
    await socket.accept(subprotocol=offered[0] if offered else None)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if message.get("text") is not None:
            await socket.send_text(message["text"])
        else:
            await socket.send_bytes(message["bytes"])


@app.websocket("/rpc")
async def rpc(socket: WebSocket):
    await socket.accept()
    async for text in socket.iter_text():
        reply = answer(text)
        if reply:
            await socket.send_text(reply)


@app.websocket("/close")
async def close(socket: WebSocket):
    await socket.accept()
    await socket.close(code=4321, reason="b\u00e4h")


@app.websocket("/headers")
async def headers(socket: WebSocket):
    await socket.accept()
    await socket.send_text(f"{socket.headers.get('x-token')} {socket.headers.get('cookie')}")
    await socket.receive()


@app.websocket("/refuse")
async def refuse(socket: WebSocket):
    await socket.close(code=1008)  # before it is accepted: an HTTP 403
