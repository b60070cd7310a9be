"""UDP: each datagram holds whole frames and stands for itself (protocol/h02.md a.9)."""

import asyncio
from typing import TYPE_CHECKING, cast, override

from ..h02 import LONGEST_HEAD, split
from .link import Link, Transport, peer_host

if TYPE_CHECKING:
    from .server import Receiver


class UdpEndpoint(asyncio.DatagramProtocol):
    """The UDP half of the receiver."""

    def __init__(self, receiver: Receiver) -> None:
        """Deliver to `receiver`."""
        self._receiver = receiver
        self._transport: asyncio.DatagramTransport | None = None
        self._is_clogged = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        receiver = self._receiver
        receiver.traffic.received += 1
        link = _UdpLink(self, addr)
        frames = split(data)
        for frame in frames:
            receiver.deliver(frame, link)
        if not frames and data.strip():
            # Blanks alone hold the way through a NAT open.
            receiver.refuse_foreign(data[:LONGEST_HEAD], link)

    @override
    def error_received(self, exc: Exception) -> None:
        """Ignore that an answer did not arrive (ICMP): nobody waits for it."""

    @override
    def pause_writing(self) -> None:
        self._is_clogged = True

    @override
    def resume_writing(self) -> None:
        self._is_clogged = False

    def send(self, data: bytes, address: tuple[str, int]) -> None:
        """Send an answer, unless those before it could not even leave."""
        if self._transport is not None and not self._is_clogged:
            self._transport.sendto(data, address)

    def close(self) -> None:
        """Free the port, whatever was still to be sent."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()


class _UdpLink(Link):
    """The sender of one datagram."""

    __slots__ = ("_address", "_endpoint")

    transport: Transport = "udp"

    def __init__(self, endpoint: UdpEndpoint, address: tuple[str, int]) -> None:
        self._endpoint = endpoint
        self._address = address

    @property
    @override
    def peer(self) -> str:
        return peer_host(self._address)

    @override
    def send(self, data: bytes) -> None:
        self._endpoint.send(data, self._address)
