"""The echo server of the suite on aiohttp: aiohttp_app.py PORT"""
import sys

from aiohttp import WSCloseCode, WSMsgType, web
from rpc import answer

links = set()


async def accept(request):
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
    socket = web.WebSocketResponse(protocols=(offered[0].strip(),), max_msg_size=0)
    await socket.prepare(request)
    links.add(socket)
    return socket


async def goodbye(_app):
    """As its documentation says: without this, it waits a minute for the links to end by themselves."""
    for socket in links:
        await socket.close(code=WSCloseCode.GOING_AWAY)


async def echo(request):
    socket = await accept(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


async def rpc(request):
    socket = await accept(request)
    async for message in socket:
        reply = answer(message.data)
        if reply:
            await socket.send_str(reply)
    return socket


async def close(request):
    socket = await accept(request)
    await socket.close(code=4321, message="b\u00e4h".encode())
    return socket


async def headers(request):
    socket = await accept(request)
    await socket.send_str(f"{request.headers.get('x-token')} {request.headers.get('cookie')}")
    await socket.receive()
    return socket


async def refuse(request):
    raise web.HTTPUnauthorized()


app = web.Application()
app.add_routes([web.get(f"/{handler.__name__}", handler) for handler in (echo, rpc, close, headers, refuse)])
app.on_shutdown.append(goodbye)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
