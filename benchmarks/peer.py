"""The other side of the sockets, a process of its own: trackers, and who only knocks.

Started by the benchmark: `python -m benchmarks.peer ROLE SETTINGS`, with the settings
in JSON. What it tells it prints as JSON. It has the clock of the other process.
"""

from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
import json
import random
import select
import socket
import sys
import time
from typing import Final

HOST: Final = "127.0.0.1"

_PATIENCE: Final = 10.0

# As many as a host can take that does nothing else, or nearly.
_DATAGRAMS_AT_ONCE: Final = 50
_DATAGRAMS_PAUSE: Final = 0.002

_GARBAGE: Final = (
    b"GET / HTTP/1.1\r\nHost: 203.0.113.7\r\nUser-Agent: scanner\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    b"SSH-2.0-Go\r\n",
    b"*HQ,9170000000,V1,121300,A,2234.1234,N,113",
    b"$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$",
    b"*HQ,,,,,,,,,,,,,,,,,,,#",
)


def report(transport: str, port: int, pause: float) -> object:
    """Send frames one by one; gives when each left, and how long its answer took.

    All in seconds. The frames are the lines of standard input.
    """
    frames = sys.stdin.buffer.read().splitlines()
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with closing(socket.socket(socket.AF_INET, kind)) as sock:
        sock.settimeout(_PATIENCE)
        sock.connect((HOST, port))
        if transport == "tcp":
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return [_ask(sock, frame, pause) for frame in frames]


def _ask(sock: socket.socket, frame: bytes, pause: float) -> tuple[float, float]:
    begin = time.perf_counter()
    sock.send(frame)
    sock.recv(4096)
    end = time.perf_counter()
    time.sleep(pause)
    return begin, end - begin


def burst(port: int) -> object:
    """Send frames all at once; gives the seconds until the last answer."""
    data = sys.stdin.buffer.read()
    missing = data.count(b"#")
    with closing(socket.create_connection((HOST, port), _PATIENCE)) as sock:
        sock.setblocking(False)
        begin = time.perf_counter()
        while missing:
            can_read, can_write, _ = select.select(
                [sock], [sock] if data else [], [], _PATIENCE
            )
            if not can_read and not can_write:
                raise TimeoutError(f"{missing} frames were not answered")
            if can_write:
                data = data[sock.send(data) :]
            if can_read:
                missing -= sock.recv(65536).count(b"#")
        return time.perf_counter() - begin


def garbage(port: int, connections: int, datagrams: int) -> object:
    """Open connections with garbage, then send datagrams; gives begin and end."""
    draw = random.Random(1)
    begin = time.perf_counter()
    with ExitStack() as opened:
        for _ in range(connections):
            sock = opened.enter_context(socket.create_connection((HOST, port)))
            with suppress(OSError):  # closed on us already
                sock.send(draw.choice(_GARBAGE))
        sock = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sock.connect((HOST, port))
        for number in range(datagrams):
            is_noise = number % 2
            sock.send(draw.randbytes(60) if is_noise else draw.choice(_GARBAGE))
            if number % _DATAGRAMS_AT_ONCE == 0:
                time.sleep(_DATAGRAMS_PAUSE)
    return begin, time.perf_counter()


_ROLES: Final[dict[str, Callable[..., object]]] = {
    "report": report,
    "burst": burst,
    "garbage": garbage,
}


if __name__ == "__main__":
    _, role, settings = sys.argv
    json.dump(_ROLES[role](**json.loads(settings)), sys.stdout)
