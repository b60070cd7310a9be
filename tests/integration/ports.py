"""Who holds a port."""

import asyncio
from collections.abc import Generator
from contextlib import closing, contextmanager
import socket

LOOPBACK = "127.0.0.1"


@contextmanager
def other_program(
    port: int,
    kind: socket.SocketKind = socket.SOCK_STREAM,
    *,
    host: str = LOOPBACK,
) -> Generator[None]:
    """Let another program hold a port."""
    with socket.socket(socket.AF_INET, kind) as held:
        if kind is socket.SOCK_STREAM:
            # As servers do: connections that ended of late do not hold a port.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        if kind is socket.SOCK_STREAM:
            held.listen()
        yield


async def is_open(port: int) -> bool:
    """Tell whether something listens on a port over TCP."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except ConnectionRefusedError:
        return False
    with closing(writer):
        return True


def is_free(port: int) -> bool:
    """Tell whether another program could have a port, over TCP and UDP."""
    try:
        with (
            other_program(port, socket.SOCK_STREAM),
            other_program(port, socket.SOCK_DGRAM),
        ):
            return True
    except OSError:
        return False
