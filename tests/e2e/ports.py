"""Ports of this machine that carry TCP and UDP at the same number."""

from contextlib import ExitStack
from random import SystemRandom
import socket

LOOPBACK = "127.0.0.1"
_ATTEMPTS = 50

# Where Linux takes no port for a connection that begins here: what is free stays so
# until a Home Assistant has started that is to open it.
_PORTS = range(15000, 32768)

# Two runs at a time, or seeded ones, shall not take the same.
_dice = SystemRandom()


def free_port() -> int:
    """A port that nobody uses, neither for TCP nor for UDP."""
    for _ in range(_ATTEMPTS):
        port = _dice.choice(_PORTS)
        if is_free(port):
            return port
    raise OSError(f"found no free port in {_ATTEMPTS} attempts")


def is_free(port: int) -> bool:
    """Whether a server could take the port on all addresses, TCP and UDP, right now."""
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        # As each server does on Linux: connections that have ended do not count. A
        # socket that listens still does.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tcp.bind(("0.0.0.0", port))
            tcp.listen()
            udp.bind(("0.0.0.0", port))
        except OSError:
            return False
        return True
