"""Bare connections to a receiver, for what no tracker's radio would do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import override

from simulator import Transport

from .ports import LOOPBACK
from .waiting import wait_for


class Line(asyncio.Protocol, asyncio.DatagramProtocol):
    """A TCP connection or a UDP socket, and everything heard on it."""

    def __init__(self) -> None:
        """Use `line` instead."""
        self.heard = bytearray()
        self._transport: asyncio.BaseTransport | None = None
        self._lost = asyncio.Event()

    def send(self, data: bytes) -> None:
        """Write one segment or one datagram."""
        if isinstance(self._transport, asyncio.DatagramTransport):
            self._transport.sendto(data)
        elif isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(data)

    def finish(self) -> None:
        """Tell the other side of a TCP connection that nothing more will come."""
        if isinstance(self._transport, asyncio.WriteTransport):
            with suppress(OSError):  # it may have ended the connection already
                self._transport.write_eof()

    async def answer(self, *words: bytes) -> bytes:
        """Wait until all the words were heard; everything heard so far."""

        async def complete() -> bytes:
            heard = bytes(self.heard)
            return heard if all(word in heard for word in words) else b""

        return await wait_for(
            complete, f"an answer with {words!r}", explain=lambda: repr(self.heard)
        )

    async def until_lost(self, seconds: float = 10.0) -> None:
        """Wait until the other side has closed the connection."""
        async with asyncio.timeout(seconds):
            await self._lost.wait()

    async def close(self) -> None:
        """Close it from this side."""
        if self._transport is not None:
            self._transport.close()
            await self._lost.wait()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self.heard += data

    @override
    def datagram_received(self, data: bytes, addr: object) -> None:
        self.heard += data

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lost.set()


@asynccontextmanager
async def line(
    port: int, transport: Transport = Transport.TCP, source: str = LOOPBACK
) -> AsyncIterator[Line]:
    """Open a line to the receiver, from an address of 127.x, and close it at the end."""
    loop = asyncio.get_running_loop()
    here = (source, 0)
    if transport is Transport.UDP:
        _, opened = await loop.create_datagram_endpoint(
            Line, local_addr=here, remote_addr=(LOOPBACK, port)
        )
    else:
        _, opened = await loop.create_connection(Line, LOOPBACK, port, local_addr=here)
    try:
        yield opened
    finally:
        await opened.close()
