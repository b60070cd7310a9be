"""Home Assistant's WebSocket interface: commands, and events as they happen."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Self

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from .rest import Json

_ANSWER_SECONDS = 20

type Listener = Callable[[Any], None]


class CommandError(Exception):
    """Home Assistant refused a command, or the connection is gone."""


class WebSocket:
    """One signed-in connection."""

    def __init__(self, connection: ClientWebSocketResponse) -> None:
        """Use `connect` instead."""
        self._connection = connection
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._listeners: dict[int, Listener] = {}
        self._reader = asyncio.create_task(self._read(), name="websocket reader")

    @classmethod
    async def connect(cls, session: ClientSession, url: str, token: str) -> Self:
        """Connect to the Home Assistant at `url` and sign in."""
        connection = await session.ws_connect(f"{url}/api/websocket", max_msg_size=0)
        await connection.receive_json()
        await connection.send_json({"type": "auth", "access_token": token})
        answer = await connection.receive_json()
        if answer["type"] != "auth_ok":
            await connection.close()
            raise CommandError(f"not signed in: {answer}")
        return cls(connection)

    async def command(self, kind: str, **arguments: Any) -> Any:
        """Send a command and return its result."""
        return await self._ask(next(self._ids), kind, arguments)

    async def subscribe(self, listener: Listener, kind: str, **arguments: Any) -> int:
        """Send a command that answers with events; the number to end it with."""
        number = next(self._ids)
        self._listeners[number] = listener
        await self._ask(number, kind, arguments)
        return number

    async def unsubscribe(self, number: int) -> None:
        """End a subscription."""
        await self.command("unsubscribe_events", subscription=number)
        del self._listeners[number]

    async def close(self) -> None:
        """Close the connection; commands that still wait fail."""
        await self._connection.close()
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader

    async def _ask(self, number: int, kind: str, arguments: Json) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            if self._reader.done():
                raise CommandError(f"{kind}: the connection is closed")
            await self._connection.send_json({"id": number, "type": kind, **arguments})
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await answer
        finally:
            del self._answers[number]

    async def _read(self) -> None:
        try:
            async for message in self._connection:
                if message.type is WSMsgType.TEXT:
                    self._take(message.json())
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(CommandError("the connection was closed"))

    def _take(self, message: Json) -> None:
        if message["type"] == "event":
            if listener := self._listeners.get(message["id"]):
                listener(message["event"])
            return
        answer = self._answers.get(message["id"])
        if answer is None or answer.done():
            return
        if message.get("success", True):
            answer.set_result(message.get("result"))
        else:
            answer.set_exception(CommandError(str(message["error"])))
