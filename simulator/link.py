"""The unit's radio: a TCP connection or a UDP socket towards one server."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import override

_CONNECT_SECONDS = 10


class Transport(StrEnum):
    """How frames travel (protocol.md a.8, a.9)."""

    TCP = "tcp"
    UDP = "udp"


class Link(asyncio.Protocol, asyncio.DatagramProtocol):
    """One open socket; what arrives goes to `on_data`, its end to `on_lost`."""

    def __init__(
        self, on_data: Callable[[bytes], None], on_lost: Callable[[], None]
    ) -> None:
        """Use `open_link` instead."""
        self._on_data = on_data
        self._on_lost = on_lost
        self._transport: asyncio.BaseTransport | None = None
        self._closed = asyncio.get_running_loop().create_future()

    @property
    def is_open(self) -> bool:
        """Whether the socket still stands, as far as this side knows."""
        return self._transport is not None and not self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Write one segment or one datagram."""
        if isinstance(self._transport, asyncio.DatagramTransport):
            self._transport.sendto(data)
        elif isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(data)

    async def close(self) -> None:
        """Send what is left, close and wait until it is done."""
        if self._transport is not None:
            self._transport.close()
        await self._closed

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._on_data(data)

    @override
    def datagram_received(self, data: bytes, addr: object) -> None:
        self._on_data(data)

    @override
    def error_received(self, exc: Exception) -> None:
        """Nobody listens on that UDP port: the only sign of it that UDP gives."""
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self._closed.done():
            self._closed.set_result(None)
        self._on_lost()


async def open_link(
    transport: Transport,
    host: str,
    port: int,
    *,
    on_data: Callable[[bytes], None],
    on_lost: Callable[[], None],
    own_host: str | None = None,
) -> Link:
    """Open a socket towards the server; raises OSError when nobody takes it.

    `own_host` is the address to come from, such as that of a carrier's NAT.
    """
    loop = asyncio.get_running_loop()
    local = None if own_host is None else (own_host, 0)
    async with asyncio.timeout(_CONNECT_SECONDS):
        if transport is Transport.UDP:
            _, link = await loop.create_datagram_endpoint(
                lambda: Link(on_data, on_lost),
                remote_addr=(host, port),
                local_addr=local,
            )
        else:
            _, link = await loop.create_connection(
                lambda: Link(on_data, on_lost), host, port, local_addr=local
            )
    return link
