"""Connections of trackers that are there and have nothing to say."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
import resource
import socket
from typing import Final, override

from custom_components.sinotrack.receiver import Limits, Receiver
from simulator import htbt

from .figure import Beside, Effort, Figure
from .frames import drive
from .other_side import HOST
from .tracing import tracing

_LIMIT_KIB: Final = 3.2

# Both ends of a connection are here, and there are other files.
_OTHER_FILES: Final = 200


async def figures(effort: Effort) -> list[Figure]:
    """Measure what each of so many connections takes."""
    return [await _idle(number) for number in effort.idle]


async def _idle(number: int) -> Figure:
    name = f"one of {number} idle connections of accepted trackers"
    if hindrance := _raise_file_limit(2 * number + _OTHER_FILES):
        return Figure(name, 0.0, "KiB", limit=_LIMIT_KIB, hindrance=hindrance)
    ours = await _memory(number, _receiver)
    bare = await _memory(number, _bare)
    return Figure(
        name, ours, "KiB", Beside("a bare asyncio.Protocol", bare), limit=_LIMIT_KIB
    )


def _raise_file_limit(files: int) -> str:
    """Have so many files open; tells why not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and files > hard:
        return f"needs {files} open files, the machine allows {hard}"
    if soft != resource.RLIM_INFINITY and files > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return ""


class _Attendance:
    """Knows when everyone has spoken."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.complete = asyncio.Event()
        self._heard = 0

    def hear(self, *_what: object) -> bool:
        self._heard += 1
        if self._heard == self.number:
            self.complete.set()
        return True


@asynccontextmanager
async def _receiver(attendance: _Attendance) -> AsyncGenerator[int]:
    """Give the port of a receiver that takes them all."""
    limits = Limits(
        connections=attendance.number, connections_per_peer=attendance.number
    )
    receiver = Receiver(HOST, 0, on_report=attendance.hear, limits=limits)
    await receiver.start()
    yield receiver.port
    await receiver.stop()


class _Bare(asyncio.Protocol):
    __slots__ = ("_attendance",)

    def __init__(self, attendance: _Attendance) -> None:
        self._attendance = attendance

    @override
    def data_received(self, data: bytes) -> None:
        self._attendance.hear()


@asynccontextmanager
async def _bare(attendance: _Attendance) -> AsyncGenerator[int]:
    """Give the port of the least that asyncio can have."""
    server = await asyncio.get_running_loop().create_server(
        lambda: _Bare(attendance), HOST, 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    server.abort_clients()
    await server.wait_closed()


async def _memory(
    number: int, server: Callable[[_Attendance], AbstractAsyncContextManager[int]]
) -> float:
    """Give the KiB of each connection, once its tracker has said that it is there.

    The sockets of the other side are there before; what the kernel takes for either
    does not count.
    """
    loop, attendance = asyncio.get_running_loop(), _Attendance(number)
    frames = [htbt(sample) for _ in range(number) for sample in drive(1)]
    with ExitStack() as opened:
        peers = [opened.enter_context(socket.socket()) for _ in frames]
        for peer in peers:
            peer.setblocking(False)
        async with server(attendance) as port:
            with tracing() as traced:
                for peer, frame in zip(peers, frames, strict=True):
                    await loop.sock_connect(peer, (HOST, port))
                    peer.send(frame)
                await attendance.complete.wait()
                return traced.all() / number
