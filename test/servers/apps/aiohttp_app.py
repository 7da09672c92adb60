"""The echo server of the suite on aiohttp: aiohttp_app.py PORT"""
import sys

from aiohttp import WSMsgType, web


async def accept(request):
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
    socket = web.WebSocketResponse(protocols=(offered[0].strip(),), max_msg_size=0)
    await socket.prepare(request)
    return socket


async def echo(request):
    socket = await accept(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await socket.send_bytes(message.data)
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
app.add_routes([web.get(f"/{handler.__name__}", handler) for handler in (echo, close, headers, refuse)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
