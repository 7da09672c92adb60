"""A chat room: FastAPI under uvicorn. It knows nothing of holdfast; it speaks plain JSON over a plain WebSocket.

    python3 -m uvicorn --app-dir examples/chat server:app --port 8000

Client to server:
    {"type": "say", "id": "...", "text": "..."}     `id` is chosen by the client
    {"type": "ping"}                                is answered with {"type": "pong"}

Server to client:
    {"type": "welcome", "name", "people", "missed", "complete"}
                                                    first; then come `missed` messages of the history. `complete` is
                                                    false if older ones than these are gone
    {"type": "message", "id", "cursor", "from", "text", "time"}
                                                    to everyone, the sender too; `time` in ms since 1970
    {"type": "people", "people": [...]}             somebody came or went
    {"type": "error", "reason": "..."}              the last frame made no sense

A client that comes back connects with `?since=<cursor>` of the last message it has seen, and gets what it has missed.
"""

import asyncio
import json
import mimetypes
import time
import uuid
from collections import deque
from pathlib import Path
from typing import Optional

from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, Response

HERE = Path(__file__).parent
CDN_FILE = HERE.parent.parent / "dist" / "cdn" / "holdfast.js"

MAX_NAME = 24
MAX_TEXT = 2_000
MAX_BACKLOG = 1_000
HISTORY = 500

# Some machines map .js to text/plain, which a browser does not run as a module.
mimetypes.add_type("text/javascript", ".js")


class Member:
    """One connected client, with the frames that wait to be sent to it."""

    def __init__(self, socket: WebSocket, name: str) -> None:
        self.socket = socket
        self.name = name
        self.backlog: "asyncio.Queue[str]" = asyncio.Queue(HISTORY + MAX_BACKLOG)

    def send(self, frame: dict) -> None:
        """Never waits: one slow reader must not hold up the room."""
        self.backlog.put_nowait(json.dumps(frame))

    async def write(self) -> None:
        """Sends what is queued, in order, for as long as the client is there."""
        while True:
            await self.socket.send_text(await self.backlog.get())


class ConnectionManager:
    """Who is in the room, and what was said. Nothing here waits, so everybody gets everything in the same order."""

    def __init__(self, kept: int = HISTORY) -> None:
        # Cursors of an earlier life of this server mean nothing in this one.
        self.life = uuid.uuid4().hex[:8]
        self.members: "list[Member]" = []
        self.history: "deque[dict]" = deque(maxlen=kept)
        self.said = 0

    def join(self, member: Member, since: str) -> None:
        missed, complete = self.missed(since)
        self.members.append(member)
        member.send(
            {
                "type": "welcome",
                "name": member.name,
                "people": self.people(),
                "missed": len(missed),
                "complete": complete,
            }
        )
        for message in missed:
            member.send(message)
        self.broadcast({"type": "people", "people": self.people()}, but=member)

    def leave(self, member: Member) -> None:
        if member in self.members:
            self.members.remove(member)
            self.broadcast({"type": "people", "people": self.people()})

    def say(self, member: Member, id: str, text: str) -> None:
        """Stamps a message and gives it to everyone. A message that is sent again, with the same id, is said once."""
        if any(message["id"] == id for message in self.history):
            return
        self.said += 1
        message = {
            "type": "message",
            "id": id,
            "cursor": f"{self.life}-{self.said}",
            "from": member.name,
            "text": text,
            "time": time.time_ns() // 1_000_000,
        }
        self.history.append(message)
        self.broadcast(message)

    def broadcast(self, frame: dict, but: Optional[Member] = None) -> None:
        for member in list(self.members):
            if member is but:
                continue
            try:
                member.send(frame)
            except asyncio.QueueFull:
                # It comes back, and gets from the history what it was too slow for.
                self.members.remove(member)
                asyncio.ensure_future(member.socket.close(1013, "too slow"))

    def missed(self, since: str) -> "tuple[list[dict], bool]":
        """The history after the cursor `since`; and whether nothing is missing before it."""
        life, _, number = since.partition("-")
        seen = int(number) if life == self.life and number.isdecimal() else 0
        first = self.said - len(self.history) + 1
        missed = list(self.history)[max(0, seen + 1 - first) :]
        return missed, seen + 1 >= first and since in ("", f"{self.life}-{seen}")

    def people(self) -> "list[str]":
        return sorted({member.name for member in self.members})


app = FastAPI()
room = ConnectionManager()


@app.websocket("/chat")
async def chat(socket: WebSocket, name: str = "", since: str = "") -> None:
    await socket.accept()
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME:
        await socket.close(1008, f"name: 1 to {MAX_NAME} characters")
        return
    member = Member(socket, name)
    room.join(member, since)
    writing = asyncio.ensure_future(member.write())
    try:
        while True:
            understand(member, await socket.receive_text())
    except (WebSocketDisconnect, KeyError):  # Starlette raises KeyError for a binary frame
        pass
    finally:
        writing.cancel()
        room.leave(member)


def understand(member: Member, text: str) -> None:
    """Does what one frame asks for."""
    try:
        frame = json.loads(text)
        kind = frame["type"]
    except (ValueError, KeyError, TypeError):
        member.send({"type": "error", "reason": "not a JSON object with a type"})
        return
    if kind == "ping":
        member.send({"type": "pong"})
    elif kind == "say" and fits(frame.get("id"), 64) and fits(frame.get("text"), MAX_TEXT):
        room.say(member, frame["id"], frame["text"])
    else:
        member.send({"type": "error", "reason": f"say takes an id and a text of 1 to {MAX_TEXT} characters"})


def fits(value: object, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most


@app.get("/holdfast.js")
def holdfast() -> Response:
    if not CDN_FILE.exists():
        return Response("Run `npm run build` first.\n", status_code=503, media_type="text/plain")
    return page_file(CDN_FILE)


@app.get("/")
def index(request: Request) -> Response:
    return page_file(HERE / "page" / "index.html", request.url.netloc)


@app.get("/{name}")
def asset(name: str) -> Response:
    if name == "room.js":
        return page_file(HERE / name)
    known = {path.name: path for path in (HERE / "page").iterdir()}
    return page_file(known[name]) if name in known else Response("Not found\n", status_code=404)


def page_file(path: Path, host: str = "") -> Response:
    # Not every browser takes "self" to mean the WebSocket of the same host as well.
    policy = f"default-src 'self'; connect-src 'self' ws://{host} wss://{host}" if host else "default-src 'self'"
    return FileResponse(path, headers={"content-security-policy": policy, "cache-control": "no-store"})
