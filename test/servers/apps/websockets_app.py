"""The echo server of the suite on the library "websockets": websockets_app.py PORT"""
import asyncio
import http
import sys

import websockets
from rpc import answer


async def handle(socket, path):
    if path == "/close":
        await socket.close(4321, "b\u00e4h")
    elif path == "/headers":
        sent = socket.request_headers
        await socket.send(f"{sent.get('x-token')} {sent.get('cookie')}")
        await socket.wait_closed()
    elif path == "/fragments":
        await socket.send(["one ", "", "message ", "in \u00e4ll"])
        await socket.send([b"\x01\x02", b"\x03"])
        await socket.wait_closed()
    elif path == "/rpc":
        async for message in socket:
            reply = answer(message)
            if reply:
                await socket.send(reply)
    else:
        async for message in socket:
            await socket.send(message)


async def refuse(path, _headers):
    return (http.HTTPStatus.UNAUTHORIZED, [], b"") if path == "/refuse" else None


async def main():
    limits = {"max_size": None, "ping_interval": 1, "ping_timeout": 20}
    serve = websockets.serve(
        handle, "127.0.0.1", int(sys.argv[1]), subprotocols=["first"], process_request=refuse, **limits
    )
    async with serve:
        await asyncio.Future()


asyncio.run(main())
