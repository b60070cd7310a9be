"""Starts the other side of the sockets, and something bare to compare with."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import sys
from typing import Any, Final, cast, override

from .peer import HOST
from .timing import Work

# Seconds between an answer and the next question.
_PAUSE: Final = 0.002

_ROOT: Final = Path(__file__).resolve().parent.parent


async def run_peer(role: str, given: bytes = b"", **settings: str | float) -> Any:
    """Run the other side to its end; gives what it told."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.peer", role, json.dumps(settings)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=_ROOT,
    )
    told, _ = await process.communicate(given)
    if process.returncode:
        raise RuntimeError(f"the other side failed to {role}")
    return json.loads(told)


async def ask(transport: str, port: int, frames: list[bytes]) -> list[float]:
    """Have frames answered one by one; gives how long that took, in µs."""
    told = await run_peer(
        "report", b"\n".join(frames), transport=transport, port=port, pause=_PAUSE
    )
    return [seconds * 1e6 for _, seconds in told]


def _nothing() -> None:
    """Do nothing before an answer."""


class _UdpEcho(asyncio.DatagramProtocol):
    _transport: asyncio.DatagramTransport

    def __init__(self, work: Work) -> None:
        self._work = work

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._work()
        self._transport.sendto(data, addr)


class _TcpEcho(asyncio.Protocol):
    _transport: asyncio.Transport

    def __init__(self, work: Work) -> None:
        self._work = work

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._work()
        self._transport.write(data)


@asynccontextmanager
async def echo(transport: str, work: Work = _nothing) -> AsyncGenerator[int]:
    """Send back on the same loop whatever comes, after a work; gives the port."""
    loop = asyncio.get_running_loop()
    if transport == "udp":
        endpoint, _ = await loop.create_datagram_endpoint(
            lambda: _UdpEcho(work), (HOST, 0)
        )
        yield endpoint.get_extra_info("sockname")[1]
        endpoint.close()
        return
    server = await loop.create_server(lambda: _TcpEcho(work), HOST, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    server.close_clients()
    await server.wait_closed()
