"""The self-test of a port: something sent through its own two sockets.

It proves that the port is open and read on this machine. Whether it can be reached from
the mobile network, only the mobile network can tell.
"""

import asyncio
from contextlib import closing, suppress
from datetime import datetime
import secrets
from typing import Final

from ..h02 import PORTS, Report
from .bind import BindProblem, bind_problem
from .link import Link, Transport
from .server import Receiver

PATIENCE: Final = 5.0
"""Seconds for what takes a millisecond where it works."""

ALL_TRANSPORTS: Final[frozenset[Transport]] = frozenset({"tcp", "udp"})

# Who listens on all addresses listens on this one; `::` means both families (bind.py).
_OWN_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}


class Loopback:
    """One test: heartbeats of an id that nobody else has, over each transport."""

    def __init__(self) -> None:
        """Draw the id, 16 digits that cannot be guessed."""
        self.tracker_id = f"{secrets.randbelow(10**16):016}"
        self._heard: dict[Transport, asyncio.Event] = {
            transport: asyncio.Event() for transport in ALL_TRANSPORTS
        }

    def hear(self, report: Report, link: Link) -> bool:
        """Tell whether a report is of this test, and take it for heard then."""
        is_own = report.tracker_id == self.tracker_id
        if is_own:
            self._heard[link.transport].set()
        return is_own

    async def run(self, host: str, port: int) -> frozenset[Transport]:
        """Send to a listen address; gives the transports that worked."""
        host = _OWN_ADDRESS.get(host, host)
        frame = f"*HQ,{self.tracker_id},HTBT#".encode()
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(
                    self._over_tcp(host, port, frame),
                    self._over_udp(host, port, frame),
                )
        return frozenset(
            transport for transport, event in self._heard.items() if event.is_set()
        )

    async def _over_tcp(self, host: str, port: int, frame: bytes) -> None:
        with suppress(OSError, ValueError):  # refused, out of reach, or no address
            _, writer = await asyncio.open_connection(host, port)
            with closing(writer):
                writer.write(frame)
                await self._heard["tcp"].wait()

    async def _over_udp(self, host: str, port: int, frame: bytes) -> None:
        loop = asyncio.get_running_loop()
        with suppress(OSError, ValueError):
            transport, _ = await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, remote_addr=(host, port)
            )
            with closing(transport):
                transport.sendto(frame)
                await self._heard["udp"].wait()


async def probe(host: str, port: int) -> BindProblem | None:
    """Open a port, test it and let go of it; None where all of that worked."""
    if port not in PORTS:
        return BindProblem.NOT_A_PORT
    test = Loopback()

    def hear(report: Report, link: Link, _received_at: datetime) -> bool:
        test.hear(report, link)
        return False

    receiver = Receiver(host, port, on_report=hear)
    try:
        await receiver.start()
    except OSError as error:
        return bind_problem(error)
    try:
        heard = await test.run(receiver.host, receiver.port)
    finally:
        await receiver.stop()
    return None if heard == ALL_TRANSPORTS else BindProblem.DEAF
