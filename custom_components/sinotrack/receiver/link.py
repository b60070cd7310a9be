"""Where a report came from, and the way back."""

from typing import Any, Final, Literal, Protocol

type Transport = Literal["tcp", "udp"]

MAPPED_IPV4: Final = "::ffff:"
"""How a socket of both families begins the name of a peer that speaks IPv4."""


class Link(Protocol):
    """One TCP connection, or the sender of one datagram."""

    transport: Transport
    peer: str
    """Address of the other side, without its port."""

    def send(self, data: bytes) -> None:
        """Send an answer; never raises, never waits."""


def peer_host(address: tuple[Any, ...]) -> str:
    """Give the host of a socket address."""
    return without_mapping(address[0])


def without_mapping(host: str) -> str:
    """Give an IPv4 address as such, by whichever socket it came."""
    return host.removeprefix(MAPPED_IPV4)
