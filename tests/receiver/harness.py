"""A receiver under watch, and the other side of its sockets."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
import socket
import struct
from typing import Self

from custom_components.sinotrack.h02 import Report
from custom_components.sinotrack.receiver import Limits, Link, Receiver

from .frames import CAR, NOW, VAN, v1

HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds after which a condition that does not come fails the test."""


async def until(condition: Callable[[], object]) -> None:
    """Let the loop turn until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is asked tells nobody
            await asyncio.sleep(0)


class Listener:
    """A receiver, with what it handed on and which ids its owner accepts."""

    def __init__(self, limits: Limits | None = None, host: str = HOST) -> None:
        """Prepare it on any free port."""
        self.accepted = {CAR, VAN}
        self.reports: list[Report] = []
        self.links: list[Link] = []
        self.times: list[datetime] = []
        self.foreign: list[str] = []
        self.fault: Exception | None = None
        """What the next handler raises."""
        self.receiver = Receiver(
            host,
            0,
            on_report=self._take,
            on_foreign=self._take_foreign,
            is_accepted=self.accepts,
            limits=limits,
            clock=lambda: NOW,
        )

    @property
    def ids(self) -> list[str]:
        """The ids of the reports handed on."""
        return [report.tracker_id for report in self.reports]

    @property
    def refusals(self) -> dict[str, int]:
        """What was refused, by reason."""
        return {reason.value: n for reason, n in self.receiver.refusals.items()}

    async def until_reports(self, count: int) -> None:
        """Wait until so many reports were handed on."""
        await until(lambda: len(self.reports) >= count)

    def accepts(self, tracker_id: str) -> bool:
        """Tell whether the owner accepts an id."""
        return tracker_id in self.accepted

    def _take(self, report: Report, link: Link, received_at: datetime) -> bool:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        self.reports.append(report)
        self.links.append(link)
        self.times.append(received_at)
        return report.tracker_id in self.accepted

    def _take_foreign(self, protocol: str, _link: Link) -> None:
        self.foreign.append(protocol)
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault


class Peer:
    """One TCP connection, seen from the tracker."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take an open connection."""
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, listener: Listener, source: str = HOST) -> Self:
        """Connect, from any address of the loopback."""
        return cls(
            *await asyncio.open_connection(
                HOST, listener.receiver.port, local_addr=(source, 0)
            )
        )

    def send(self, *frames: bytes) -> None:
        """Send frames in one segment."""
        self._writer.write(b"".join(frames))

    async def receive(self) -> bytes:
        """Wait for one answer."""
        async with asyncio.timeout(PATIENCE):
            return await self._reader.readuntil(b"#")

    async def say(self, frame: bytes | None = None) -> bytes:
        """Send a frame of an accepted tracker and wait for its answer."""
        self.send(v1() if frame is None else frame)
        return await self.receive()

    async def until_closed(self) -> bytes:
        """Wait until the other side closes; gives what it had said."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self._reader.read()
            except ConnectionError:
                return b""

    async def finish(self) -> bytes:
        """Say that nothing more comes; gives what the other side had said."""
        self._writer.write_eof()
        return await self.until_closed()

    def reset(self) -> None:
        """Drop the connection as a network does, without a farewell."""
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close this side."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


class Sender:
    """One UDP socket, seen from the tracker."""

    def __init__(self, listener: Listener) -> None:
        """Bind it to any port."""
        self._address = (HOST, listener.receiver.port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((HOST, 0))

    def send(self, *frames: bytes) -> None:
        """Send frames in one datagram."""
        self._socket.sendto(b"".join(frames), self._address)

    async def receive(self) -> bytes:
        """Wait for one datagram."""
        async with asyncio.timeout(PATIENCE):
            loop = asyncio.get_running_loop()
            return await loop.sock_recv(self._socket, 2048)

    def has_answer(self) -> bool:
        """Tell whether a datagram has come."""
        try:
            return bool(self._socket.recv(2048))
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
